"""The command line makes the first officers and administrators, all or nothing."""

import re
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.proofs import has_second_factor
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


def appoint(*words):
    """Run the command and return what it prints."""
    out = StringIO()
    call_command("appoint", *words, stdout=out)
    return out.getvalue()


def refusal(*words):
    """Run the command, which must end with exit code 2, and return what it says."""
    with pytest.raises(CommandError) as stopped:
        appoint(*words)
    assert stopped.value.returncode == 2
    return str(stopped.value)


def password_in(text):
    return re.search(r"一次性密码：(\S+)", text)[1]


def test_it_makes_the_first_union_its_chair_and_a_password_for_once():
    said = appoint(
        "--post=chair", "--union=C1", "--username=chen", "--name=陈示例",
        "--new-union=示例县总工会", "--level=general", "--sector=education",
    )  # fmt: skip
    user = User.objects.get(username="chen")
    assert user.check_password(password_in(said))
    assert user.must_change_password
    union = Union.objects.everywhere("test").get(code="C1")
    assert union.parent is None
    assert union.path
    assert actor_of(user).scope.may("accounts.grant", union.path)
    assert password_in(said) not in str(list(AuditEvent.objects.values_list("before", "reason", "action")))


@pytest.mark.parametrize(
    ("post", "action"),
    [("system_admin", "system.view"), ("security_admin", "accounts.appoint"), ("audit_admin", "audit.view")],
)
def test_it_makes_the_first_administrators(post, action):
    union = union_of("C1", level="general")
    appoint(f"--post={post}", "--union=C1", "--username=adm", "--name=赵示例")
    scope = actor_of(User.objects.get(username="adm")).scope
    assert scope.may(action, union.path)
    assert not scope.may("members.view")


def test_it_takes_the_seat_that_is_registered_already():
    seat = seat_of(union_of("C1"), "chair", holder="陈示例")
    appoint("--post=chair", "--union=C1", "--username=chen", "--name=陈示例")
    assert list(Seat.objects.everywhere("test")) == [seat]


def test_it_says_how_to_make_a_union_when_there_is_none():
    assert "--new-union" in refusal("--post=chair", "--union=C1", "--username=chen", "--name=陈示例")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--post=chair", "--union=NO", "--username=chen", "--name=陈示例"), "NO"),
        (("--post=chair", "--username=chen", "--name=陈示例"), "--union"),
        (("--post=chair", "--union=C1", "--username=chen"), "--name"),
        (("--union=C1", "--username=chen", "--name=陈示例"), "--post"),
        (("--post=women", "--union=C1", "--username=c h", "--name=陈示例"), "用户名"),
        (("--post=chair", "--union=C1", "--username=chen", "--name=陈示例"), "现任主席"),
        (("--post=women", "--union=C1", "--username=Taken", "--name=陈示例"), "登录名已被使用"),
        (
            ("--post=women", "--union=C1", "--username=chen", "--name=陈示例", "--new-union=又一个"),
            "已被使用",
        ),
        (("--reset", "--username=nobody"), "没有这个账号"),
        (("--second-factor", "--username=taken"), "只能与 --reset 一起使用"),
    ],
)
def test_it_refuses_clearly_and_leaves_nothing_behind(words, said):
    seat_of(union_of("C1"), "chair", holder="别人")
    User.objects.create(username="taken")
    assert said in refusal(*words)
    assert User.objects.count() == 1
    assert Seat.objects.everywhere("test").count() == 1
    assert Union.objects.everywhere("test").count() == 1


def test_it_gives_an_administrator_a_new_password():
    union_of("C1", level="general")
    first = appoint("--post=security_admin", "--union=C1", "--username=sec", "--name=赵示例")
    second = appoint("--reset", "--username=sec")
    user = User.objects.get(username="sec")
    assert password_in(first) != password_in(second)
    assert user.check_password(password_in(second))
    assert user.must_change_password


def test_it_clears_a_lost_second_factor_only_when_told():
    union_of("C1", level="general")
    appoint("--post=security_admin", "--union=C1", "--username=sec", "--name=赵示例")
    user = User.objects.get(username="sec")
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
    appoint("--reset", "--username=sec")
    assert has_second_factor(user)
    appoint("--reset", "--second-factor", "--username=sec")
    assert not has_second_factor(user)

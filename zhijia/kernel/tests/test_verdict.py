import pytest
from django.utils.translation import gettext_lazy

from zhijia.kernel.verdict import Refused, Verdict, passed, refused, warned, worst


def test_it_is_true_unless_it_blocks():
    assert passed()
    assert warned("超过标准")
    assert not refused("不允许")


@pytest.mark.parametrize(
    ("verdict", "ok", "level"),
    [
        (passed(), True, "pass"),
        (warned("超过标准", "标准"), True, "warn"),
        (refused("不允许", "工会法"), False, "block"),
        (Verdict(False, "不允许"), False, "block"),
        (Verdict(False, "不允许", level="warn"), False, "block"),
    ],
)
def test_it_keeps_ok_and_level_in_agreement(verdict, ok, level):
    assert (verdict.ok, verdict.level) == (ok, level)


def test_it_refuses_an_answer_that_contradicts_itself():
    with pytest.raises(ValueError, match="not ok"):
        Verdict(ok=True, level="block")
    with pytest.raises(ValueError, match="unknown level"):
        Verdict(ok=True, level="maybe")


def test_it_shows_the_reason_of_a_refusal_even_if_it_is_lazy():
    refusal = Refused(refused(gettext_lazy("经费不足。"), "R6"))
    assert str(refusal) == "经费不足。"
    assert refusal.verdict.source == "R6"


def test_it_names_the_gravest_and_among_equals_the_first():
    assert worst([passed(), warned("一"), refused("二"), refused("三")]).reason == "二"
    assert worst([warned("一"), passed(), warned("二")]).reason == "一"
    assert worst([]) == passed()

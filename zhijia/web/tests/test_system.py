"""The page of the system's state: for its administrator, and without anyone's records."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from tests.cast import assemble, officer
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.members.tests.factories import member_of
from zhijia.kernel import upkeep
from zhijia.kernel.models import Job
from zhijia.web.system import todos

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(settings, tmp_path):
    settings.UPKEEP = tmp_path / "last.json"
    return assemble()


@pytest.fixture
def admin(cast):
    return officer("sun", cast.county, "system_admin")


def test_it_shows_the_state_to_the_administrator_only(cast, admin, client):
    member_of(cast.school, "张三")
    Job.objects.create(kind="k", title="机密任务", owner_id=1, state=Job.State.FAILED)
    client.force_login(cast.chen)
    assert client.get(reverse("system:status")).status_code == 403
    client.force_login(admin)
    page = client.get(reverse("system:status"))
    text = page.content.decode()
    assert page.status_code == 200
    shown = {str(line.label): line for line in page.context["lines"]}
    assert (shown["失败的任务"].value, shown["失败的任务"].level) == ("1", "bad")
    assert shown["最近一次备份"].level == "bad"
    for hidden in ("张三", "机密任务", cast.school.name):
        assert hidden not in text


def test_it_reminds_of_old_backups_and_drills(cast, admin):
    today = timezone.localdate()
    assert len(todos(actor_of(admin), today)) == 2
    assert todos(actor_of(cast.chen), today) == []
    for kind in (upkeep.BACKUP, upkeep.DRILL):
        upkeep.note(kind, ok=True, detail="x")
    assert todos(actor_of(admin), today) == []
    path = settings.UPKEEP
    young = upkeep.state(upkeep.BACKUP).good.at.isoformat()
    path.write_text(path.read_text().replace(young, (timezone.now() - timedelta(days=8)).isoformat()))
    assert [str(line.text) for line in todos(actor_of(admin), today)] == ["7 天内没有成功的备份"]


def test_it_shows_what_failed_since(cast, admin, client):
    upkeep.note(upkeep.BACKUP, ok=True, detail="/backups/one")
    upkeep.note(upkeep.BACKUP, ok=False, detail="no room")
    client.force_login(admin)
    lines = client.get(reverse("system:status")).context["lines"]
    assert [line.level for line in lines if "no room" in str(line.value)] == ["bad"]
    assert [line.level for line in lines if str(line.label) == "最近一次备份"] == ["good"]

"""Founding, renaming, moving and closing unions."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from zhijia.areas.organisations import services
from zhijia.areas.organisations.models import Employer, Placement, Seat, Union, UnionChange
from zhijia.areas.organisations.queries import placements_at
from zhijia.areas.organisations.tests.factories import committee_of, employer_of, seat_of, union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent, OutboxEvent
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
CLERK = system("测试")


def officer(*unions: Union) -> Actor:
    grants = {
        Grant(f"organisations.{verb}", union.path)
        for union in unions
        for verb in ("view", "record", "manage")
    }
    return Actor("示例干事", Scope(frozenset(grants)))


def found(parent: Union | None, code: str, **kw) -> Union:
    values = {"name": f"示例{code}工会", "level": "grassroots", "sector": "education"} | kw
    return services.union_found(actor=CLERK, parent=parent, code=code, **values)


def tree_at(day: date) -> dict[str, str]:
    return {
        place.union.code: place.parent.code if place.parent else ""
        for place in placements_at(EVERYWHERE, day)
    }


def test_it_founds_a_union_with_its_place_and_its_step():
    root = found(None, "R", level="general", founded_on=date(2019, 5, 1))
    child = found(root, "A", founded_on=date(2024, 3, 1))
    assert child.path.startswith(root.path)
    assert child.name_key.split()[-1] == "slagh"
    place = Placement.objects.everywhere("test").get(union=child)
    assert (place.starts_on, place.ends_on, place.path) == (date(2024, 3, 1), None, child.path)
    step = UnionChange.objects.everywhere("test").get(union=child)
    assert (step.kind, step.happened_on) == ("founded", date(2024, 3, 1))
    assert AuditEvent.objects.filter(action="organisations.manage", actor_name="测试").exists()


def test_it_invents_no_founding_when_the_day_is_unknown():
    root = found(None, "R", level="general")
    assert not UnionChange.objects.everywhere("test").exists()
    services.union_correct(actor=CLERK, union=root, founded_on=date(2010, 2, 3))
    assert UnionChange.objects.everywhere("test").get().happened_on == date(2010, 2, 3)
    assert Placement.objects.everywhere("test").get().starts_on == date(2010, 2, 3)


def test_it_refuses_a_used_code_a_closed_parent_and_a_wrong_level():
    root = union_of("R", level="general")
    group = union_of("G", root, level="group")
    closed = union_of("C", root, closed_on=date(2024, 1, 1), closed_how="dissolved")
    for parent, code, level in ((root, "G", "grassroots"), (closed, "X", "group"), (group, "Y", "group")):
        with pytest.raises(Refused):
            found(parent, code, level=level)


def test_it_lets_no_officer_found_a_root_or_outside_the_own_subtree():
    root = union_of("R", level="general")
    own, other = union_of("A", root), union_of("B", root)
    for parent in (None, root, other):
        with pytest.raises(Refused):
            services.union_found(
                actor=officer(own), parent=parent, code="N", name="新", level="group", sector="other"
            )
    assert services.union_found(
        actor=officer(own), parent=own, code="N", name="新", level="group", sector="other"
    ).pk


def test_it_keeps_last_years_place_of_a_moved_subtree():
    root = union_of("R", level="general")
    east, west = union_of("E", root, level="federation"), union_of("W", root, level="federation")
    school = union_of("S", east)
    group = union_of("G", school, level="group")
    late = union_of("L", school, level="group", founded_on=date(2025, 5, 1))
    services.union_move(
        actor=CLERK, union=school, new_parent=west, on=date(2025, 3, 1), document="示例〔2025〕1号"
    )
    assert tree_at(date(2024, 12, 31)) == {"R": "", "E": "R", "W": "R", "S": "E", "G": "S"}
    assert tree_at(date(2025, 12, 31)) == {"R": "", "E": "R", "W": "R", "S": "W", "G": "S", "L": "S"}
    for union in (school, group, late):
        union.refresh_from_db()
        assert union.path.startswith(west.path)
        now = Placement.objects.everywhere("test").get(union=union, ends_on=None)
        assert now.path == union.path
    before = Placement.objects.everywhere("test").get(union=group, ends_on=date(2025, 3, 1))
    assert before.path.startswith(east.path)
    assert Placement.objects.everywhere("test").filter(union=late).count() == 1
    assert school.parent == west
    step = UnionChange.objects.everywhere("test").get(kind="moved")
    assert (step.before, step.after) == (east.name, west.name)


def test_it_moves_twice_and_splits_what_left_the_subtree_in_between():
    root = union_of("R", level="general")
    a, b, c = (union_of(code, root, level="federation") for code in "ABC")
    school = union_of("S", a)
    services.union_move(actor=CLERK, union=school, new_parent=b, on=date(2024, 6, 1))
    services.union_move(actor=CLERK, union=school, new_parent=c, on=date(2025, 6, 1))
    years = [tree_at(date(year, 12, 31))["S"] for year in (2023, 2024, 2025)]
    assert years == ["A", "B", "C"]


@pytest.mark.parametrize("case", ["cycle", "self", "future", "too early", "same", "closed"])
def test_it_refuses_moves_that_make_no_sense(case):
    root = union_of("R", level="general")
    school, other = union_of("S", root), union_of("O", root)
    group = union_of("G", school, level="grassroots")
    gone = union_of("X", root, closed_on=date(2024, 1, 1), closed_how="dissolved")
    today = timezone.localdate()
    to, on = {
        "cycle": (group, today),
        "self": (school, today),
        "future": (other, today + timedelta(days=1)),
        "too early": (other, date(2019, 12, 31)),
        "same": (root, today),
        "closed": (gone, today),
    }[case]
    with pytest.raises(Refused):
        services.union_move(actor=CLERK, union=school, new_parent=to, on=on)
    assert tree_at(today)["S"] == "R"


def test_it_needs_the_right_at_the_new_place_too():
    root = union_of("R", level="general")
    own, other = union_of("A", root, level="federation"), union_of("B", root, level="federation")
    school = union_of("S", own)
    with pytest.raises(Refused):
        services.union_move(actor=officer(own), union=school, new_parent=other, on=date(2025, 1, 1))
    services.union_move(actor=officer(own, other), union=school, new_parent=other, on=date(2025, 1, 1))
    assert school.parent == other


def test_it_renames_and_upgrades_with_a_dated_step():
    union = union_of("A", level="joint", name="旧名工会")
    services.union_rename(actor=CLERK, union=union, name="新名工会", on=date(2025, 2, 1))
    services.union_upgrade(actor=CLERK, union=union, level="federation", on=date(2025, 3, 1))
    steps = UnionChange.objects.everywhere("test").order_by("happened_on")
    assert [(step.kind, step.before, step.after) for step in steps] == [
        ("renamed", "旧名工会", "新名工会"),
        ("upgraded", "联合工会", "工会联合会"),
    ]
    assert union.name_key.endswith("xmgh")


def test_it_closes_with_reason_and_document_and_ends_what_is_inside():
    root = union_of("R", level="general")
    union = union_of("A", root)
    employer_of(union)
    seat_of(union)
    committee = committee_of(union, date(2022, 1, 1), date(2026, 12, 31))
    with pytest.raises(Refused):
        services.union_close(actor=CLERK, union=union, how="dissolved", on=date(2025, 4, 1), document="")
    services.union_close(
        actor=CLERK, union=union, how="dissolved", on=date(2025, 4, 1), document="示例〔2025〕2号"
    )
    union.refresh_from_db()
    committee.refresh_from_db()
    assert (union.closed_on, union.closed_how) == (date(2025, 4, 1), "dissolved")
    assert Seat.objects.everywhere("test").get().ends_on == date(2025, 4, 1)
    assert Employer.objects.everywhere("test").get().ended_on == date(2025, 4, 1)
    assert committee.ended_on == date(2025, 4, 1)
    assert tree_at(date(2025, 12, 31))["A"] == "R"
    assert OutboxEvent.objects.get().payload == {"union_id": union.pk}
    with pytest.raises(Refused):
        services.union_rename(actor=CLERK, union=union, name="再来", on=date(2025, 5, 1))


def test_it_takes_a_transferred_union_out_of_the_tree():
    root = union_of("R", level="general")
    union = union_of("A", root)
    services.union_close(actor=CLERK, union=union, how="transferred", on=date(2025, 4, 1), document="文")
    assert "A" in tree_at(date(2025, 3, 31))
    assert "A" not in tree_at(date(2025, 4, 1))


def test_it_refuses_to_end_a_place_before_it_began():
    root = union_of("R", level="general")
    other, union = union_of("O", root, level="federation"), union_of("A", root)
    services.union_move(actor=CLERK, union=union, new_parent=other, on=date(2025, 3, 1))
    close = {"actor": CLERK, "union": union, "document": "文"}
    for how, on in (("dissolved", date(2025, 2, 28)), ("transferred", date(2025, 3, 1))):
        with pytest.raises(Refused, match="隶属关系"):
            services.union_close(**close, how=how, on=on)
    services.union_close(**close, how="dissolved", on=date(2025, 3, 1))
    assert tree_at(date(2025, 3, 1))["A"] == "O"


def test_it_refuses_to_close_above_open_children():
    root = union_of("R", level="general")
    union_of("A", root)
    with pytest.raises(Refused, match="下级工会"):
        services.union_close(actor=CLERK, union=root, how="dissolved", on=date(2025, 4, 1), document="文")


def test_it_notices_that_someone_else_has_corrected_it_meanwhile():
    union = union_of("A")
    seen = union.version
    services.union_correct(actor=CLERK, union=union, region="示例县")
    with pytest.raises(StaleVersionError):
        services.union_correct(
            actor=CLERK, union=Union.objects.everywhere("test").get(), version=seen, region="他县"
        )
    with pytest.raises(TypeError):
        services.union_correct(actor=CLERK, union=union, name="不可")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks")
def test_founding_moving_and_closing_lock_their_rows():
    root = union_of("LR", level="general")
    old, new = union_of("LA", root, "federation"), union_of("LB", root, "federation")
    school = union_of("LS", old)
    robot = system("测试")

    def locked(step):
        with CaptureQueriesContext(connection) as queries:
            step()
        said = (one["sql"] for one in queries)
        return [sql for sql in said if sql.endswith("FOR UPDATE") and "organisations_union" in sql]

    facts = {"code": "LN", "name": "新", "level": "grassroots", "sector": "education"}
    (found,) = locked(lambda: services.union_found(actor=robot, parent=old, **facts))
    assert 'ORDER BY "organisations_union"."id" ASC' in found
    on = date(2024, 5, 6)
    (moved,) = locked(lambda: services.union_move(actor=robot, union=school, new_parent=new, on=on))
    assert all(str(one.pk) in moved for one in (school, new))
    school.refresh_from_db()
    close = {"how": "dissolved", "on": date(2024, 6, 1), "document": "某文"}
    assert len(locked(lambda: services.union_close(actor=robot, union=school, **close))) == 1

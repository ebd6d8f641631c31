"""The sheet 会员: what is read, what is refused, and that the same file again changes nothing."""

from datetime import date

import pytest

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.sheets import MEMBERSHIPS, PersonFinder, book_persons
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kernel.actor import Actor
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Refused
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet
from zhijia.kit.sheets import BookContext, sheet_by_key

pytestmark = pytest.mark.django_db
BORN = date(1990, 5, 5)
MAN = synthetic_id(1, BORN, "male")
WOMAN = synthetic_id(2, BORN, "female")


def clerk(*unions):
    actions = ("books.import", "members.record")
    return importer(actions, *unions)


def importer(actions, *unions):
    grants = {Grant(action, union.path) for union in unions for action in actions}
    return Actor("干事", Scope(frozenset(grants)), user_id=1)


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def other(county):
    return union_of("T", parent=county, name="示例中学工会")


def row(number=MAN, name="赵示例", union="S", joined="2020-09-01", **more):
    return {"姓名": name, "证件号码": number, "所属工会": union, "入会日期": joined, **more}


def imported(actor, *rows, dry_run=False):
    titles = list(dict.fromkeys(title for one in rows for title in one))
    cells = [titles, *([one.get(title, "") for title in titles] for one in rows)]
    book = parse([RawSheet("会员", cells)], "会员.xlsx")
    return book_import(actor=actor, book=book, dry_run=dry_run)


def counts(outcome):
    assert outcome.ok, [error.as_json() for error in outcome.errors]
    (sheet,) = outcome.sheets
    return sheet.created, sheet.updated, sheet.unchanged


def refusals(outcome):
    return [(error.row, error.column, error.advice) for error in outcome.errors]


def test_the_sheet_is_registered():
    assert sheet_by_key("memberships") is MEMBERSHIPS


def test_a_row_makes_a_person_with_a_membership(school):
    employer = employer_of(school)
    told = {"移动电话": "13800000000", "是否农民工": "是", "会费基数(元)": "5000", "民族": "汉族"}
    assert counts(imported(clerk(school), row(入会方式="转入", **told))) == (1, 0, 0)
    person, membership = Person._base_manager.get(), Membership._base_manager.get()
    assert (person.name, person.id_number, person.sex, person.born_on) == ("赵示例", MAN, "male", BORN)
    assert (person.union_id, person.phone, person.migrant) == (school.pk, "13800000000", True)
    assert (person.initials, person.name_key) == ("zsl", "zhaoshili")
    assert (membership.state, membership.starts_on) == ("active", date(2020, 9, 1))
    assert (membership.start_cause, membership.dues_base) == ("transferred_in", 500000)
    assert membership.employer_id == employer.pk  # the only one that the union covers


def test_the_same_file_again_changes_nothing(school):
    rows = [row(岗位="教师"), row(WOMAN, "钱示例", 会籍状态="保留会籍", 变动日期="2024-02-01")]
    assert counts(imported(clerk(school), *rows)) == (2, 0, 0)
    before = list(Membership._base_manager.order_by("pk").values())
    assert counts(imported(clerk(school), *rows)) == (0, 0, 2)
    assert list(Membership._base_manager.order_by("pk").values()) == before
    assert Person._base_manager.count() == 2


def test_changed_cells_update_and_blank_cells_never_erase(school):
    imported(clerk(school), row(岗位="教师", 学历="本科"))
    assert counts(imported(clerk(school), row(岗位="班主任"))) == (0, 1, 0)
    assert Membership._base_manager.get().post == "班主任"
    assert Person._base_manager.get().education == "本科"


def test_a_former_membership_leaves_the_file_of_a_stranger_alone(school, other):
    stranger = person_of(other, name="赵示例", id_number=MAN, sex="male", born_on=BORN, education="本科")
    past = row(会籍状态="退会", 变动日期="2021-01-01", 学历="硕士", 移动电话="13800000000")
    assert counts(imported(clerk(school), past)) == (1, 0, 0)
    stranger.refresh_from_db()
    assert (stranger.education, stranger.phone, stranger.union_id) == ("本科", "", other.pk)
    assert stranger.version == 1
    assert counts(imported(clerk(school), row(joined="2022-01-01", 学历="硕士"))) == (1, 0, 0)
    stranger.refresh_from_db()
    assert (stranger.education, stranger.union_id) == ("硕士", school.pk)


@pytest.mark.parametrize(
    ("label", "cause"),
    [("退会", "resigned"), ("转出", "transferred_out"), ("除名", "expelled"), ("死亡", "deceased")],
)
def test_a_member_who_left_is_kept_with_the_cause(school, label, cause):
    imported(clerk(school), row())
    outcome = imported(clerk(school), row(会籍状态=label, 变动日期="2024-03-01"))
    assert counts(outcome) == (0, 1, 0)
    membership = Membership._base_manager.get()
    assert (membership.state, membership.end_cause, membership.ends_on) == (
        "ended",
        cause,
        date(2024, 3, 1),
    )


def test_a_retained_member_has_two_spans(school):
    imported(clerk(school), row())
    assert counts(imported(clerk(school), row(会籍状态="保留会籍", 变动日期="2024-03-01"))) == (0, 1, 0)
    spans = Membership._base_manager.order_by("starts_on").values_list("state", "start_cause", "end_cause")
    assert list(spans) == [("ended", "joined", "retained"), ("retained", "retained", "")]


def test_leaving_and_joining_again_are_two_rows(school, other, county):
    rows = [
        row(会籍状态="转出", 变动日期="2023-01-01"),
        row(union="示例中学工会", joined="2023-01-01", 入会方式="转入"),
    ]
    assert counts(imported(clerk(county), *rows)) == (2, 0, 0)
    assert Person._base_manager.get().union_id == other.pk
    assert counts(imported(clerk(county), *rows)) == (0, 0, 2)


def test_a_number_twice_names_both_rows(school):
    outcome = imported(clerk(school), row(), row(WOMAN, "钱示例"), row())
    found = refusals(outcome)
    assert [line[0] for line in found] == [2, 4]
    assert all("第2、4行证件号码重复" in line[2] for line in found)
    assert not Person._base_manager.exists()


def test_a_number_under_two_names_is_refused(school):
    rows = [row(会籍状态="退会", 变动日期="2021-01-01"), row(name="钱示例", joined="2022-01-01")]
    assert [line[0] for line in refusals(imported(clerk(school), *rows))] == [2, 3]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"证件号码": MAN[:-1] + ("0" if MAN[-1] != "0" else "1")}, "证件号码", "校验码"),
        ({"证件号码": 999001199005050012.0}, "证件号码", "末位已丢失"),
        ({"证件号码": "999001199002300011"}, "证件号码", "出生日期不存在"),
        ({"证件号码": "99900119900505"}, "证件号码", "18位"),
        ({"证件号码": ""}, "证件号码", "必填"),
        ({"性别": "女"}, "性别", "证件号码显示为“男”"),
        ({"出生日期": "1990-05-06"}, "出生日期", "1990-05-05"),
        ({"姓名": "赵\u200b示例"}, "姓名", "不可见字符"),
        ({"所属工会": "没有的工会"}, "所属工会", "找不到工会"),
        ({"所属工会": "示例中学工会"}, "所属工会", "找不到工会"),
        ({"工作单位": "没有的单位"}, "工作单位", "单位”表登记"),
        ({"入会日期": "2024/2/30"}, "入会日期", "日期"),
        ({"入会日期": "45000"}, "入会日期", "序列号"),
        ({"入会日期": "2999-01-01"}, "入会日期", "日期"),
        ({"会籍状态": "退会"}, "变动日期", "请填写变动日期"),
        ({"会籍状态": "退会", "变动日期": "2019-01-01"}, "变动日期", "早于入会日期"),
        ({"会籍状态": "失踪"}, "会籍状态", "可选范围"),
        ({"移动电话": "123"}, "移动电话", "11位"),
        ({"会费基数(元)": "-1"}, "会费基数(元)", "金额"),
        ({"会费基数(元)": "壹佰"}, "会费基数(元)", "金额"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_saved(school, other, cells, column, words):
    outcome = imported(clerk(school), row(WOMAN, "钱示例"), row(**cells))
    ((at, where, advice),) = refusals(outcome)
    assert (at, where) == (3, column)
    assert words in advice
    assert not Person._base_manager.exists()
    assert MAN not in str(outcome.as_json())


def test_an_old_number_is_converted_and_flagged(school):
    outcome = imported(clerk(school), row(MAN[:6] + MAN[8:17]))
    assert counts(outcome) == (1, 0, 0)
    assert Person._base_manager.get().id_number == MAN
    assert any("15位" in warning.advice for warning in outcome.warnings)


def test_other_papers_need_sex_and_birth_from_the_row(school):
    told = row("H12345678", 证件类型="港澳台居民证件", 性别="女", 出生日期="1988-01-02")
    assert counts(imported(clerk(school), told)) == (1, 0, 0)
    person = Person._base_manager.get()
    assert (person.id_type, person.sex, person.born_on) == ("hmt", "female", date(1988, 1, 2))


def test_rare_signs_and_formulas_are_saved_as_text(school):
    rows = [row(name="㛃𠮷"), row(WOMAN, '=HYPERLINK("x")')]
    outcome = imported(clerk(school), *rows)
    assert counts(outcome) == (2, 0, 0)
    assert {person.name for person in Person._base_manager.all()} == {"㛃𠮷", '=HYPERLINK("x")'}


def test_a_member_of_a_union_in_reach_is_pointed_to_a_transfer(school, other, county):
    membership_of(person_of(other, "赵示例", id_number=MAN))
    ((_at, column, advice),) = refusals(imported(clerk(county), row()))
    assert column == "证件号码"
    assert "已是“示例中学工会”会员，请先办理转会" in advice


def test_a_member_of_a_union_out_of_reach_is_never_named(school, other):
    membership_of(person_of(other, "赵示例", id_number=MAN))
    outcome = imported(clerk(school), row())
    ((_at, _column, advice),) = refusals(outcome)
    assert "该证件号码已在其他工会登记，需办理转会，请联系上级工会" in advice
    assert "示例中学" not in str(outcome.as_json())


def test_a_name_out_of_reach_is_never_told(school, other):
    person_of(other, "孙秘密", id_number=MAN)
    outcome = imported(clerk(school), row())
    assert "姓名" in refusals(outcome)[0][2]
    assert "孙秘密" not in str(outcome.as_json())


def test_a_former_member_from_elsewhere_joins_and_the_file_follows(school, other):
    person = person_of(other, "赵示例", id_number=MAN)
    membership_of(
        person, starts_on=date(2015, 1, 1), state="ended", ends_on=date(2019, 1, 1), end_cause="resigned"
    )
    assert counts(imported(clerk(school), row())) == (1, 0, 0)
    person.refresh_from_db()
    assert person.union_id == school.pk


def test_another_join_date_in_the_same_union_is_refused(school):
    imported(clerk(school), row())
    ((_at, column, advice),) = refusals(imported(clerk(school), row(joined="2021-01-01")))
    assert column == "入会日期"
    assert "2020-09-01" in advice


def test_a_membership_that_ended_here_is_not_revived_by_an_old_file(school):
    imported(clerk(school), row(会籍状态="退会", 变动日期="2022-01-01"))
    ((_at, column, advice),) = refusals(imported(clerk(school), row()))
    assert column == "会籍状态"
    assert "2022-01-01" in advice


def test_a_waiting_transfer_goes_on_waiting(school, other):
    imported(clerk(school), row())
    Membership._base_manager.update(state="transferring", transfer_to=other)
    assert counts(imported(clerk(school), row())) == (0, 0, 1)
    assert Membership._base_manager.get().state == "transferring"


def test_a_dry_run_keeps_nothing(school):
    assert counts(imported(clerk(school), row(), dry_run=True)) == (1, 0, 0)
    assert not Person._base_manager.exists()


def test_the_number_of_queries_does_not_grow_with_the_rows(school, django_assert_max_num_queries):
    employer_of(school)
    rows = [row(synthetic_id(n, BORN, "male"), f"示例{n}") for n in range(120)]
    with django_assert_max_num_queries(30):
        imported(clerk(school), *rows)
    with django_assert_max_num_queries(30):
        imported(clerk(school), *(one | {"岗位": "教师"} for one in rows))


def test_the_finder_knows_people_by_number_and_by_unique_name(school, other, county):
    person = member_of(school, "赵示例").person
    person_of(school, "钱示例")
    person_of(school, "钱示例")
    hidden = person_of(other, "孙示例")
    finder = book_persons(BookContext(actor=clerk(school)))
    assert isinstance(finder, PersonFinder)
    assert finder.find("赵 示例", school) == person
    assert finder.find(person.id_number) == person
    assert finder.find(person.id_number, school) == person
    assert finder.find("钱示例", school) is None
    assert "2人" in finder.advice("钱示例", school)
    assert finder.find(hidden.id_number, school) is None
    assert finder.find("赵示例") is None


def test_a_failed_row_is_not_blamed_twice(school):
    book = BookContext(actor=clerk(school))
    book.failed["person"].add(MAN)
    assert book_persons(book).advice(MAN, school) is None
    assert book_persons(book).advice(WOMAN, school)


def test_a_clerk_of_the_money_cannot_bring_members_in(school):
    money = importer(("books.import", "finance.record"), school)
    ((number, column, advice),) = refusals(imported(money, row()))
    assert (number, column) == (2, "所属工会")
    assert "办理入会、转会、退会和更正档案" in advice
    assert not Person._base_manager.exists()


def test_someone_with_the_finance_rights_only_cannot_import_at_all(school):
    granted = importer(("finance.view", "finance.record"), school)
    with pytest.raises(Refused):
        imported(granted, row())

from datetime import date
from itertools import pairwise

import pytest

from zhijia.kernel import rulebook
from zhijia.kernel.rulebook import RuleMissing, problems, rule, rules_of

DAY = date(2025, 6, 1)
ENTRY = """
[[rule]]
code = "members.unit"
value = 1
from = 2020-01-01
source = "工会法"
status = "verified"
note = "[P] read"
"""


def test_it_finds_nothing_wrong_with_the_rules_of_the_house():
    assert problems() == []
    for subject in ("organisations", "members", "finance", "aid", "documents"):
        assert rules_of(subject)
        assert all(one.code.startswith(f"{subject}.") for one in rules_of(subject))


@pytest.mark.parametrize(
    ("code", "jurisdiction", "value"),
    [
        ("organisations.committee_mandatory_members", "cn", 25),
        ("organisations.women_committee_members", "cn", 10),
        ("organisations.women_committee_members", "cn-31", 25),
        ("organisations.term_extension_months", "cn-51", 6),
        ("organisations.term_warn_months", "cn", (6, 3)),
        ("organisations.term_years", "cn", (3, 5)),
        ("members.dues", "cn", {"rate_bp": 50, "tail_unit_fen": 1000}),
        ("members.lapse_months", "cn", 6),
        ("finance.contribution_rate_bp", "cn-42", 200),
        ("finance.spend_bands", "cn", (0, 100_000)),
        ("aid.cap.festival_year", "cn-51", 210_000),
        ("aid.cap.festival_year", "cn-42-01", 120_000),
        ("aid.cap.festival_spring", "cn-52", 50_000),
        ("aid.cap.marriage", "cn-34", 200_000),
    ],
)
def test_it_knows_the_value_of_the_nearest_place(code, jurisdiction, value):
    assert rule(code, on=DAY, jurisdiction=jurisdiction).value == value


def test_it_says_which_clause_stood_on_the_day():
    before = rule("organisations.committee_mandatory_members", on=date(2021, 12, 31))
    after = rule("organisations.committee_mandatory_members", on=date(2022, 1, 1))
    assert (before.status, after.status) == ("to_verify", "verified")
    assert "第十一条" in after.source
    assert after.version == "organisations.committee_mandatory_members@cn@2022-01-01"
    assert before.version != after.version


@pytest.mark.parametrize(
    ("code", "on", "jurisdiction"),
    [
        ("aid.cap.birthday", DAY, "cn"),
        ("aid.cap.birthday", DAY, "cn-11"),
        ("aid.cap.birthday", date(2017, 12, 31), "cn-51"),
        ("aid.cap.festival_year", DAY, "cn-52"),
        ("aid.nothing", DAY, "cn-51"),
    ],
)
def test_it_never_supposes_a_value(code, on, jurisdiction):
    with pytest.raises(RuleMissing) as caught:
        rule(code, on=on, jurisdiction=jurisdiction)
    for part in (code, on.isoformat(), jurisdiction):
        assert part in str(caught.value)


def test_it_covers_every_number_of_members_once():
    bands = rule("organisations.committee_size", on=DAY).value
    assert bands[0]["from_members"] == 1
    for band, following in pairwise(bands):
        assert following["from_members"] == band["to_members"] + 1
        assert band["least"] <= band["most"] <= following["most"]
    assert "to_members" not in bands[-1]


def test_it_shares_out_the_whole_contribution():
    assert sum(rule("finance.split", on=DAY).value.values()) == 10_000


def test_it_marks_every_provincial_cap_as_to_be_verified():
    caps = [one for one in rules_of("aid") if one.code.startswith("aid.cap.")]
    assert {one.jurisdiction for one in caps} == {"cn-34", "cn-42", "cn-51", "cn-52"}
    assert {one.status for one in caps} == {"to_verify"}


def test_it_lets_nobody_change_a_value():
    value = rule("members.dues", on=DAY).value
    with pytest.raises(TypeError):
        value["rate_bp"] = 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "members.unit"\n', "", "missing 'code'"),
        ('source = "工会法"\n', "", "missing 'source'"),
        ('"工会法"', '" "', "empty source"),
        ("value = 1", "value = 1\nvalues = 2", "unknown key 'values'"),
        ("value = 1", "value = 0.5", "never as a float"),
        ("value = 1", "value = { a = [0.5] }", "never as a float"),
        ("members.unit", "finance.unit", "written members."),
        ('"verified"', '"sure"', "unknown status"),
        ("[P] read", "read", "begins with its evidence"),
        ("[P] read", "[M?] heard", "cannot be verified"),
        ("2020-01-01", '"2020-01-01"', "are days"),
        ("2020-01-01", "2020-01-01T00:00:00", "are days"),
        ("2020-01-01", "2020-01-01\nto = 2019-12-31", "ends before"),
    ],
)
def test_it_finds_what_is_wrong_with_a_rule(tmp_path, old, new, message):
    folder = tmp_path / "cn-42"
    folder.mkdir()
    (folder / "members.toml").write_text(ENTRY.replace(old, new), encoding="utf-8")
    assert any(message in line for line in problems(tmp_path))


def test_it_finds_two_values_for_one_day(tmp_path):
    folder = tmp_path / "cn"
    folder.mkdir()
    first = ENTRY.replace("from", "to = 2021-01-01\nfrom")
    file = folder / "members.toml"
    file.write_text(first + ENTRY.replace("2020-01-01", "2021-01-01"), encoding="utf-8")
    assert problems(tmp_path) == ["cn: members.unit: two values in force on 2021-01-01"]
    file.write_text(first + ENTRY.replace("2020-01-01", "2021-01-02"), encoding="utf-8")
    assert problems(tmp_path) == []


def test_it_finds_a_place_that_is_none_and_a_file_without_rules(tmp_path):
    folder = tmp_path / "mars"
    folder.mkdir()
    (folder / "members.toml").write_text("", encoding="utf-8")
    assert len(problems(tmp_path)) == 2


def test_it_uses_the_last_day_and_not_the_day_after(tmp_path, monkeypatch):
    folder = tmp_path / "cn"
    folder.mkdir()
    (folder / "members.toml").write_text(ENTRY.replace("from", "to = 2021-01-01\nfrom"), encoding="utf-8")
    monkeypatch.setattr(rulebook, "HOME", tmp_path)
    assert rule("members.unit", on=date(2020, 1, 1)).value == 1
    assert rule("members.unit", on=date(2021, 1, 1)).value == 1
    for day in (date(2019, 12, 31), date(2021, 1, 2)):
        with pytest.raises(RuleMissing):
            rule("members.unit", on=day)

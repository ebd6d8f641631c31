"""What may be given: caps at their boundary, festivals, and items of the employer; each with its source."""

from datetime import date

import pytest

from zhijia.areas.aid import rules
from zhijia.kernel.quantity import CountUnit, Quantity

TODAY = date(2025, 6, 30)
SICHUAN, GUIZHOU, ANHUI = "cn-51", "cn-52", "cn-34"


def giving(**kw):
    values = {
        "occasion": "birthday",
        "given_on": date(2025, 3, 5),
        "fund": "retained",
        "beneficiary": "张示例",
        "people": 1,
        "amount": 300_00,
    }
    return rules.Giving(**(values | kw))


def verdict(give, field, where=SICHUAN):
    """The gravest word about a field; None when every rule is content."""
    said = [
        finding.verdict
        for finding in rules.check(give, today=TODAY, jurisdiction=where)
        if finding.field == field and finding.verdict.level != "pass"
    ]
    return said[0] if said else None


@pytest.mark.parametrize(
    ("occasion", "cap"),
    [("birthday", 300_00), ("marriage", 500_00), ("birth", 500_00), ("retirement", 500_00)],
)
def test_it_keeps_a_cap_to_the_fen_and_cites_the_province(occasion, cap):
    assert verdict(giving(occasion=occasion, amount=cap), "amount") is None
    over = verdict(giving(occasion=occasion, amount=cap + 1), "amount")
    assert over.level == "warn"
    assert over.ok
    assert "四川省" in over.source
    assert "2018-01-01" in over.source


def test_it_counts_goods_and_money_together():
    assert verdict(giving(amount=100_00, goods="蛋糕", goods_value=200_00), "amount") is None
    assert verdict(giving(amount=100_00, goods="蛋糕", goods_value=200_01), "amount").level == "warn"


def test_it_shares_a_sum_among_the_people():
    assert verdict(giving(amount=3000_00, people=10), "amount") is None
    assert verdict(giving(amount=3000_01, people=10), "amount").level == "warn"


def test_it_knows_no_cap_where_none_is_registered():
    assert rules.check(giving(amount=9_999_00), today=TODAY, jurisdiction="cn") == []
    assert (
        rules.check(giving(given_on=date(2017, 12, 31), amount=9_999_00), today=TODAY, jurisdiction=SICHUAN)
        == []
    )


def test_it_does_not_cap_money_that_is_not_the_unions():
    for fund in ("fiscal", "donation", "mutual"):
        assert verdict(giving(fund=fund, amount=9_999_00), "amount") is None


def test_it_shows_a_cap_that_is_kept_and_that_it_is_to_be_verified():
    (finding,) = rules.check(giving(), today=TODAY, jurisdiction=SICHUAN)
    assert (finding.limit, finding.to_verify, finding.verdict.level) == (300_00, True, "pass")
    assert finding.rule.version == "aid.cap.birthday@cn-51@2018-01-01"


def test_it_tells_a_members_death_from_a_relatives():
    member = giving(occasion="bereavement", amount=2000_00)
    relative = giving(occasion="bereavement", amount=1000_01, note="母亲去世")
    assert verdict(member, "amount") is None
    assert verdict(relative, "amount").level == "warn"


def test_it_allows_more_for_surgery_where_the_province_does():
    ill = giving(occasion="illness", amount=800_00)
    assert verdict(ill, "amount", GUIZHOU).level == "warn"
    assert verdict(giving(occasion="illness", amount=800_00, note="住院手术"), "amount", GUIZHOU) is None


def test_it_adds_up_the_festivals_of_the_year():
    gift = giving(occasion="festival", amount=None, goods="粽子", goods_value=500_00)
    year = {"occasion": "festival", "amount": None, "goods": "粽子", "goods_value": 500_00}
    assert verdict(gift, "amount") is None
    assert verdict(giving(**year, festival_before=1600_00), "amount") is None
    over = verdict(giving(**year, festival_before=1600_01), "amount")
    assert over.level == "warn"
    assert "全年" in str(over.reason)


def test_it_caps_each_festival_where_the_province_does():
    gift = {"occasion": "festival", "amount": None, "goods": "米面油"}
    assert verdict(giving(**gift, goods_value=200_00), "amount", GUIZHOU) is None
    assert verdict(giving(**gift, goods_value=200_01), "amount", GUIZHOU).level == "warn"
    assert verdict(giving(**gift, goods_value=500_00, note="春节"), "amount", GUIZHOU) is None
    assert verdict(giving(**gift, goods_value=500_01, note="春节"), "amount", GUIZHOU).level == "warn"


@pytest.mark.parametrize("occasion", ["children", "women", "teachers"])
def test_it_warns_of_days_that_are_not_on_the_festival_list(occasion):
    found = verdict(giving(occasion=occasion), "occasion", "cn")
    assert found.level == "warn"
    assert "32号" in found.source
    assert verdict(giving(occasion=occasion, fund="fiscal"), "occasion", "cn") is None
    assert verdict(giving(occasion="festival", goods="月饼"), "occasion", "cn") is None


@pytest.mark.parametrize("fund", ["dues", "retained", "higher"])
def test_it_refuses_cash_for_heat_from_union_funds_without_a_basis(fund):
    heat = {"occasion": "cooling", "fund": fund}
    found = verdict(giving(**heat), "fund", "cn")
    assert found.level == "block"
    assert "32号" in found.source
    assert verdict(giving(**heat, basis="市总工会〔2025〕3号"), "fund", "cn") is None
    assert verdict(giving(**heat, basis=" "), "fund", "cn") is not None
    assert verdict(giving(occasion="cooling", fund=fund, amount=None, goods="绿豆"), "fund", "cn") is None
    assert verdict(giving(occasion="cooling", fund="employer"), "fund", "cn") is None


@pytest.mark.parametrize("item", ["取暖补助", "降温费", "高温津贴", "保教费"])
def test_it_refuses_items_that_the_employer_owes(item):
    found = verdict(giving(occasion="other", note=item), "fund", "cn")
    assert found.level == "block"
    assert item in str(found.reason)


def test_it_refuses_shopping_cards_at_festivals_and_warns_of_cash():
    card = verdict(giving(occasion="festival", goods="超市购物卡"), "goods", "cn")
    assert card.level == "block"
    assert "32号" in card.source
    assert verdict(giving(occasion="festival", goods="蛋糕券"), "goods", "cn") is None
    assert verdict(giving(occasion="festival"), "goods", "cn").level == "warn"


def test_it_needs_something_given_to_someone_not_tomorrow():
    assert not verdict(giving(amount=None), "amount")
    assert verdict(giving(amount=None, goods="被褥"), "amount") is None
    for wrong in ({"amount": 0}, {"amount": -1}, {"goods_value": 0}):
        assert not verdict(giving(**wrong), "amount")
    assert not verdict(giving(beneficiary=" "), "beneficiary")
    assert not verdict(giving(given_on=date(2025, 7, 1)), "given_on")
    assert verdict(giving(given_on=TODAY), "given_on") is None


def test_it_counts_one_person_or_household_where_nothing_was_said():
    one, home = Quantity(1, CountUnit.PERSON_TIME), Quantity(1, CountUnit.HOUSEHOLD)
    assert rules.counted("person", None, None) == (one, None)
    assert rules.counted("household", None, None) == (None, home)
    assert rules.counted("unit", None, None) == (None, None)
    many = Quantity(200, CountUnit.PERSON_TIME)
    assert rules.counted("person", many, None) == (many, None)
    assert rules.counted("person", None, home) == (None, home)

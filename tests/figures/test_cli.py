"""``manage figures`` answers as the issue says."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from zhijia.figures.catalogue import catalogue
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.period import Period

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")


def asked(capsys, *arguments):
    call_command("figures", *arguments)
    return capsys.readouterr().out


def test_it_prints_every_figure_as_json(world, capsys):
    answer = json.loads(asked(capsys, "--union", world.top.code, "--period", "2025", "--json"))
    assert answer["union"] == {"code": world.top.code, "name": world.top.name}
    assert answer["period"] == {"code": "2025", "from": "2025-01-01", "to": "2025-12-31"}
    assert [figure["key"] for figure in answer["figures"]] == list(catalogue())
    cells = compute(catalogue(), world.top.pk, [YEAR])
    for figure in answer["figures"]:
        cell = cells[figure["key"], Spot(world.top.pk, YEAR)]
        assert (figure["value"], figure["shown"], figure["rows"]) == (cell.value, cell.shown, cell.rows)
        assert figure["kind"] in ("flow", "stock", "ratio", "band")
        assert set(figure["last_year"]) >= {"value", "shown", "rows"}
    assert {figure["kind"] for figure in answer["figures"]} == {"flow", "stock", "ratio", "band"}


def test_it_breaks_figures_down_by_month_and_union(world, capsys):
    common = ["--union", world.top.code, "--period", "2025", "--key", "aid.payments", "aid.amount", "--json"]
    for by in ("month", "union"):
        answer = json.loads(asked(capsys, *common, "--by", by))
        assert [figure["key"] for figure in answer["figures"]] == ["aid.payments", "aid.amount"]
        for figure in answer["figures"]:
            assert all(set(part) >= {by, "value", "shown", "rows"} for part in figure["by"])
    months = json.loads(asked(capsys, *common, "--by", "month"))["figures"][0]
    assert [part["month"] for part in months["by"]] == [f"2025-{month:02}" for month in range(1, 13)]
    assert sum(part["value"] or 0 for part in months["by"]) == months["value"]


@pytest.mark.parametrize("code", ["2025H1", "2025Q2", "2025-03", "2025-01-01..2025-06-30"])
def test_it_understands_every_kind_of_period(world, capsys, code):
    answer = json.loads(
        asked(capsys, "--union", world.top.code, "--period", code, "--key", "aid.amount", "--json")
    )
    assert answer["period"]["from"].startswith("2025-")


def test_it_prints_a_table_for_people(world, capsys):
    text = asked(
        capsys, "--union", world.top.code, "--period", "2025", "--key", "aid.amount", "--by", "union"
    )
    assert world.top.name in text
    assert "慰问救助金额" in text
    assert "上年同期" in text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--union", "NOBODY", "--period", "2025"], "NOBODY"),
        (["--union", "W0000", "--period", "20255"], "20255"),
        (["--union", "W0000", "--period", "2025", "--key", "aid.nothing"], "aid.nothing"),
    ],
)
def test_it_stops_with_code_2_and_says_what_was_wrong(world, arguments, word):
    with pytest.raises(CommandError) as caught:
        call_command("figures", *arguments)
    assert caught.value.returncode == 2
    assert word in str(caught.value)

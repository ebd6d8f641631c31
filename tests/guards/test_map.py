"""The map is what the tree is, and every place it names is there."""

import pytest
from django.core.management import CommandError, call_command

from zhijia.config import atlas


def test_it_keeps_the_map_up_to_date():
    call_command("map", "--check")


def test_it_would_notice_drift(monkeypatch, capsys):
    monkeypatch.setattr(atlas, "written", lambda: "# Another map\n")
    with pytest.raises(CommandError) as drift:
        call_command("map", "--check")
    assert drift.value.returncode == 1


def test_it_names_only_files_that_exist():
    named = {place.file for place in atlas.places()} | {place for _zh, _en, place in atlas.glossary()}
    assert [name for name in sorted(named) if not (atlas.home() / name).exists()] == []


def test_it_has_one_english_term_for_each_chinese_one():
    chinese = [zh for zh, _en, _place in atlas.glossary()]
    assert len(chinese) > 50
    assert sorted({zh for zh in chinese if chinese.count(zh) > 1}) == []


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("members.joining_rate", "zhijia/figures/metrics/members.py:"),
        ("入会率", "zhijia/figures/metrics/members.py:"),
        ("aid.record", "zhijia/areas/aid/area.py:"),
        ("/members/", "zhijia/areas/members/views"),
        ("Placement", "zhijia/areas/organisations/models.py:"),
    ],
)
def test_where_prints_file_and_line(name, file, capsys):
    call_command("where", name)
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith(file)
    assert int(first.split(":")[1].split()[0]) > 1


def test_where_says_so_when_nothing_has_that_name():
    with pytest.raises(CommandError) as unknown:
        call_command("where", "no-such-thing")
    assert unknown.value.returncode == 1

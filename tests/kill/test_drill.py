"""A backup can be put back, whole; and the drill finds whatever is not as it was."""

import io
import json

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.places import empty
from zhijia.config.backup import manifest
from zhijia.config.backup.drilling import drill
from zhijia.config.backup.inspecting import inspect
from zhijia.config.backup.manifest import BackupError
from zhijia.config.backup.placing import backup_restore
from zhijia.config.backup.taking import backup_take
from zhijia.config.settings import database
from zhijia.kernel import upkeep
from zhijia.kernel.crypto import keyring
from zhijia.kernel.crypto.files import seal_file

pytestmark = pytest.mark.django_db  # or there is no test database to copy


def attach(name):
    seal_file(b"secret", settings.ATTACHMENTS / "ab" / name, name=f"attachment:{name}")


@pytest.fixture
def kept(place, tmp_path):
    """The backup of a place with two attachments."""
    attach("one")
    attach("two")
    return backup_take(tmp_path / "backups")


def failed(findings):
    return {one.test: list(one.wrong) for one in findings if not one.ok}


def looked(kept):
    """Inspect the place from within this process, whose templates pytest has changed: no ``check`` here."""
    return {test: wrong for test, wrong in failed(inspect(kept)).items() if test != "check"}


def flip(path):
    """Change one bit in the middle of a file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_it_passes_for_an_undamaged_backup(place, tmp_path):
    attach("one")
    told = io.StringIO()
    call_command("backup", out=tmp_path / "backups", stdout=told)
    assert "没有加密" in told.getvalue()
    done = place.call("-m", "django", "drill", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [one["wrong"] for one in found] == [[]] * 10
    assert upkeep.state(upkeep.DRILL).good
    assert upkeep.state(upkeep.BACKUP).good.detail.startswith(str(tmp_path / "backups"))


def test_it_names_what_it_holds_and_hides_it_from_others(place, kept):
    about = manifest.load(kept)
    assert about.content.counts["members_person"] == 2
    assert about.content.sums["finance_entry.amount"] == 350
    assert about.content.audit_seq > 0
    assert set(about.attachments) == {"ab/one", "ab/two"}
    assert about.fingerprint
    assert not list(kept.rglob("kek"))
    for path in kept.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize("name", ["attachments/ab/one", "the dump"])
def test_it_finds_a_damaged_file(place, kept, name):
    name = manifest.load(kept).database if name == "the dump" else name
    flip(kept / name)
    assert failed(drill(kept)) == {"files": [f"文件 {name} 已损坏"]}
    assert name in upkeep.state(upkeep.DRILL).failed.detail


def test_it_finds_a_missing_and_a_foreign_file(place, kept):
    (kept / "attachments" / "ab" / "one").rename(kept / "attachments" / "ab" / "other")
    wrong = failed(drill(kept))["files"]
    assert len(wrong) == 2
    assert "ab/other" in wrong[0]
    assert "ab/one" in wrong[1]


@pytest.mark.parametrize(
    ("statement", "test"),
    [
        ("UPDATE finance_entry SET amount = amount + 1 WHERE amount = 100", "sums"),
        ("DELETE FROM members_membership", "counts"),
        ("UPDATE kernel_keycanary SET token = 'v1.identity-1.AAAA' WHERE kid = 'identity-1'", "keys"),
        ("UPDATE kernel_auditevent SET actor_name = 'nobody' WHERE seq = 1", "audit"),
        (
            "UPDATE kernel_audithead SET hash = prev FROM kernel_auditevent WHERE kernel_auditevent.seq = 1",
            "audit",
        ),
    ],
)
def test_it_finds_a_damaged_row(place, kept, statement, test):
    """The restored place is looked at by the same function that the drill's process runs."""
    assert looked(kept) == {}
    disarm(place)
    place.execute(statement)
    assert test in looked(kept)
    assert set(looked(kept)) <= {test, "sums"}  # a row less is a smaller sum


def disarm(place):
    """Take the triggers off, as a thief with the rights of the administrator would."""
    if place.name:
        for table in ("kernel_auditevent", "kernel_audithead"):
            place.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return
    for (name,) in place.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        place.execute(f"DROP TRIGGER {name}")


def test_it_finds_a_lost_attachment(place, kept):
    (settings.ATTACHMENTS / "ab" / "one").unlink()
    assert looked(kept) == {"attachments": ["缺少附件 ab/one"]}


def test_it_needs_the_right_keys(place, kept, settings, tmp_path):
    settings.KEYS = tmp_path / "other"
    assert keyring.create()
    target = empty(tmp_path / "new")
    with pytest.raises(BackupError, match=manifest.load(kept).fingerprint):
        restore(kept, target)
    assert not target.var.exists()
    target.drop()


def restore(folder, target):
    return backup_restore(folder, target.var, database=database(target.url) if target.name else None)


def test_it_restores_into_an_empty_place_only(place, kept, tmp_path):
    target = empty(tmp_path / "new")
    words = {"database_url": target.url} if target.name else {}
    call_command("restore", kept, to=target.var, stdout=io.StringIO(), **words)
    assert target.execute("SELECT SUM(amount) FROM finance_entry")[0][0] == 350
    assert (target.var / "attachments" / "ab" / "one").exists()
    with pytest.raises(CommandError, match="只能恢复到空的地方"):
        call_command("restore", kept, to=target.var, **words)
    if target.name:
        with pytest.raises(BackupError, match="只能恢复到空的地方"):
            backup_restore(kept, tmp_path / "third", database=database(target.url))
        assert not (tmp_path / "third").exists()
    target.drop()


def test_it_writes_nothing_from_a_damaged_backup(place, kept, tmp_path):
    flip(kept / "attachments" / "ab" / "two")
    target = empty(tmp_path / "new")
    with pytest.raises(BackupError, match="attachments/ab/two"):
        restore(kept, target)
    assert not target.var.exists()
    target.drop()


def test_it_leaves_nothing_when_the_database_cannot_be_put_back(place, kept, tmp_path):
    """A dump that was cut before it was hashed: every file agrees, the database's own tool refuses."""
    about = manifest.load(kept)
    dump = kept / about.database
    dump.write_bytes(b"not a dump")
    files = {name: manifest.digest(kept / name) for name in about.files}
    manifest.store(kept, manifest.Manifest(**{**vars(about), "files": files}))
    findings = failed(drill(kept))
    assert set(findings) in ({"restore"}, {"integrity"})


def test_it_links_what_did_not_change_and_prunes(place, kept):
    attach("three")
    second = backup_take(kept.parent, keep=2)
    one, three = (second / "attachments" / "ab" / name for name in ("one", "three"))
    assert one.samefile(kept / "attachments" / "ab" / "one")
    assert three.stat().st_nlink == 1
    third = backup_take(kept.parent, keep=2)
    assert not kept.exists()
    for folder in (second, third):
        assert manifest.damages(folder, manifest.load(folder)) == []


@pytest.mark.parametrize("harm", [flip, lambda path: path.unlink()], ids=["rotted", "lost"])
def test_it_links_nothing_that_the_backup_before_does_not_hold_any_more(place, kept, harm):
    harm(kept / "attachments" / "ab" / "one")
    second = backup_take(kept.parent)
    one, two = (second / "attachments" / "ab" / name for name in ("one", "two"))
    assert one.read_bytes() == (settings.ATTACHMENTS / "ab" / "one").read_bytes()
    assert one.stat().st_nlink == 1
    assert two.samefile(kept / "attachments" / "ab" / "two")
    assert manifest.damages(second, manifest.load(second)) == []


def test_it_takes_no_foreign_folder_and_clears_what_a_dead_one_left(place, kept, tmp_path):
    foreign = tmp_path / "documents"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    with pytest.raises(BackupError, match="不是备份文件夹"):
        backup_take(foreign)
    assert [path.name for path in foreign.iterdir()] == ["letter.txt"]
    assert "documents" in upkeep.state(upkeep.BACKUP).failed.detail
    dead = kept.parent / ".unfinished-zhijia-1"
    dead.mkdir()
    (dead / "database.sqlite3").write_text("half")
    assert backup_take(kept.parent) != kept
    assert not dead.exists()
    with pytest.raises(BackupError, match="不是完整的备份"):
        manifest.load(foreign)

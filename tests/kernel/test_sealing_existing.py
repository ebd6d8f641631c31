"""An installation that kept numbers in the open has them sealed by its migrations, and back again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of

OPEN = [("members", "0001_initial"), ("aid", "0001_initial")]


def migrate(targets):
    MigrationExecutor(connection).migrate(targets)


def column(name, table="members_person"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM {table} ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_it_seals_what_was_open_and_opens_it_again_on_the_way_back():
    union = union_of("U1")
    persons = [person_of(union, phone="13800000001"), person_of(union, id_number=None)]
    relief_of(union, person=persons[0], note="独居")
    number = persons[0].id_number
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        migrate(OPEN)
        assert column("id_number") == [number, None]
        assert column("phone") == ["13800000001", ""]
        assert column("note", "aid_relief") == ["独居"]
    finally:
        migrate(newest)
    assert column("id_number")[0].startswith("v1.identity-")
    assert (column("id_number")[1], column("id_index")[1], column("phone")[1]) == (None, None, "")
    assert column("note", "aid_relief")[0].startswith("v1.hardship-")
    assert len(set(column("row_key"))) == len(persons)
    found = Person._base_manager.get(id_index=number)
    assert (found.id_number, found.phone) == (number, "13800000001")
    assert Relief._base_manager.get().note == "独居"

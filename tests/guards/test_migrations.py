"""Migrations are made, named and in one line per app."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

OWN = [config.label for config in apps.get_app_configs() if config.name.startswith("zhijia")]


@pytest.mark.django_db
def test_it_has_a_migration_for_every_change():
    call_command("makemigrations", "--check", "--dry-run", *OWN, verbosity=0)


def test_it_names_every_migration():
    names = [
        name for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations if app in OWN
    ]
    assert names
    assert [name for name in names if "auto" in name or not re.fullmatch(r"\d{4}_[a-z0-9_]+", name)] == []


def test_it_keeps_migrations_in_one_line():
    loader = MigrationLoader(None, ignore_no_migrations=True)
    assert [
        app for app in OWN if app in loader.migrated_apps and len(loader.graph.leaf_nodes(app)) != 1
    ] == []

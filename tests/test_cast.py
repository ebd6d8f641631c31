"""The cast has the 15 roles of the house, and each of them sees what its role says and no more."""

import pytest

from tests.cast import ROLES, actor_as, assemble
from zhijia.areas.accounts.roles import actions_of

pytestmark = pytest.mark.django_db


def test_it_has_fifteen_roles():
    assert len(ROLES) == 15


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role not in ("member", "committee", "chair_above")]
)
def test_a_role_has_the_actions_of_its_post_in_its_place(role):
    cast = assemble()
    scope = actor_as(cast, role).scope
    place = cast.county if role.endswith("_admin") else cast.school
    assert {grant.action for grant in scope.grants} == set(actions_of(role))
    assert {grant.path for grant in scope.grants} == {place.path}


def test_a_member_has_the_own_file_and_no_list():
    cast = assemble()
    scope = actor_as(cast, "member").scope
    assert scope.may("members.own")
    assert not scope.may("members.view")
    assert not any(grant.path == cast.school.path for grant in scope.grants)


def test_the_chair_above_reaches_the_schools_and_no_stranger():
    cast = assemble()
    scope = actor_as(cast, "chair_above").scope
    assert scope.may("members.view", cast.other_school.path)
    assert not scope.may("members.view", cast.stranger.path)

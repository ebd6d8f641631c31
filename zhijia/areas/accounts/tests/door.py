"""Someone at the door: what the tests of the log-in and of what lies behind it have in common."""

from zhijia.areas.accounts.tests.factories import PASSWORD
from zhijia.kernel.models import AuditEvent

DOOR, MINE, VERIFY = "/accounts/login/", "/accounts/me/", "/accounts/verify/"


def knock(client, username="chen", password=PASSWORD, **more):
    return client.post(DOOR, {"username": username, "password": password}, **more)


def is_in(client):
    return client.get(MINE).status_code == 200


def heard(verb, **details):
    """The lines of the audit about log-ins with this verb and these details, in their order."""
    lines = AuditEvent.objects.filter(verb=verb, action="accounts.own", model="accounts.user").order_by("seq")
    return [one for one in lines if all(one.before.get(key) == value for key, value in details.items())]

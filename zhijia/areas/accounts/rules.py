"""What a manager of log-ins may do. House rules (least privilege), no clause of law stands behind them."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.verdict import Verdict, passed, refused


def may_revoke(actor_id: int | None, holder_id: int) -> Verdict:
    """Say whether a seat may be taken from a log-in: not from the own one, which would lock the door."""
    if actor_id is not None and actor_id == holder_id:
        return refused(_("不能收回自己的岗位，请由他人办理。"), "house:accounts")
    return passed()


def may_reset(*, lies_within: bool) -> Verdict:
    """Say whether a password may be set for another: all seats of the log-in must lie in reach."""
    if not lies_within:
        return refused(_("该账号还有您职责范围以外的岗位，请由上级工会重置密码。"), "house:accounts")
    return passed()

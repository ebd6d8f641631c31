"""What a manager of log-ins may do, and which posts never meet on one log-in.

House rules (least privilege, 三员分立) carry no clause of law; those about money do (zhijia organisations).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.roles import ADMIN_POSTS, KEPT_APART, SENSITIVE, actions_of
from zhijia.areas.organisations.rules import duties_apart
from zhijia.kernel.verdict import Verdict, passed, refused, warned

SOURCE = "house:accounts"
SEPARATION = "house:separation"
APPOINT = "accounts.appoint"
GRANT = "accounts.grant"
SYSTEM = "system.view"


def not_oneself(actor_id: int | None, holder_id: int | None) -> Verdict:
    """Say whether a seat may be granted to this log-in: never to the own one."""
    if actor_id is not None and actor_id == holder_id:
        return refused(_("不能给自己授予岗位，请由他人办理。"), SEPARATION)
    return passed()


def may_hand_out(post: str, own: Collection[str]) -> Verdict:
    """Say whether someone with the actions ``own`` over the union may hand out a post there.

    Nobody gives more than the own rights, except those that must lie in other hands (``KEPT_APART``). The
    three administrators are appointed by the security administrator alone.
    """
    if GRANT not in own:
        return refused(_("您在该工会没有授予岗位的权限。"), f"grant:{GRANT}")
    if post in ADMIN_POSTS:
        return passed() if APPOINT in own else refused(_("三员岗位只能由安全管理员授予和收回。"), SOURCE)
    if not set(actions_of(post)) - KEPT_APART <= set(own):
        return refused(_("该岗位的权限超出您自己的权限，请由上级工会或权限更高的人授予。"), SOURCE)
    return passed()


def apart_from_maker(post: str, actor_id: int | None, maker_id: int | None) -> Verdict:
    """Say whether a post may be put on a log-in by ``actor_id``, when ``maker_id`` has made the log-in.

    Whoever made it knows its first password: with checking, paying or auditing on it one person could take
    every step. The system (no id) hands out no password that it keeps.
    """
    if actor_id is not None and actor_id == maker_id and set(actions_of(post)) & KEPT_APART:
        return refused(_("该账号由您建立，会计、出纳、经审和审计岗位须由另一人授予。"), SEPARATION)
    return passed()


@dataclass(frozen=True)
class Held:
    """A seat that a log-in holds or is about to hold: its post and its union's key."""

    post: str
    union_id: int


def posts_apart(new: Held, held: Iterable[Held]) -> Verdict:
    """Say whether one log-in may hold ``new`` beside what it holds.

    An administrator's post stands alone (三员分立). In one union accountant and cashier are two people, and
    whoever audits is neither chair nor keeps the money (R2.8).
    """
    kept = list(held)
    is_admin = new.post in ADMIN_POSTS
    for one in kept:
        if is_admin and one.post in ADMIN_POSTS and one.post != new.post:
            return refused(_("系统、安全、审计管理员须由三个不同的账号担任。"), SEPARATION)
        if is_admin != (one.post in ADMIN_POSTS):
            return refused(_("管理员岗位和业务岗位不能由同一账号担任。"), SEPARATION)
    return duties_apart(new.post, {one.post for one in kept if one.union_id == new.union_id})


def namesakes_apart(new: Held, namesakes: Iterable[Held]) -> Verdict:
    """Warn when someone of the same name holds a post that must be in other hands: it may be one person."""
    if not posts_apart(new, namesakes):
        return warned(_("同名人员担任着不能兼任的岗位，请核实不是同一人。"), SEPARATION)
    return passed()


def name_fits(holder: str, name: str) -> Verdict:
    """Warn when a seat is handed to a log-in of another name than that of the seat's holder."""
    if holder != name:
        return warned(_("岗位登记的任职人与账号姓名不同，请核实。"), SOURCE)
    return passed()


def may_revoke(actor_id: int | None, holder_id: int) -> Verdict:
    """Say whether a seat may be taken from a log-in: not from the own one, which would lock the door."""
    if actor_id is not None and actor_id == holder_id:
        return refused(_("不能收回自己的岗位，请由他人办理。"), SOURCE)
    return passed()


def may_take_back(post: str, own: Collection[str]) -> Verdict:
    """Say whether a post may be taken back: that of an administrator by the security administrator only."""
    if post in ADMIN_POSTS and APPOINT not in own:
        return refused(_("三员岗位只能由安全管理员授予和收回。"), SOURCE)
    return passed()


def may_reset(*, lies_within: bool) -> Verdict:
    """Say whether a password may be set for another: all seats and the file must lie in reach."""
    if not lies_within:
        return refused(_("该账号没有岗位，或者还有您职责范围以外的岗位或档案，请由上级工会办理。"), SOURCE)
    return passed()


def halves_apart(*, did_other: bool) -> Verdict:
    """Say whether password or second factor may be reset by one who has lately reset the other of the two."""
    if did_other:
        return refused(
            _("您在最近7天内重置过该账号的密码或双因素验证，另一项须由另一位管理员办理。"), SEPARATION
        )
    return passed()


def may_reset_holder(post: str, own: Collection[str]) -> Verdict:
    """Say whether someone with ``own`` rights there may set anew the password of the holder of a post.

    Whoever sets a password could use the log-in. So it takes the rights of the post, or the technical post
    made for it; administrators never reset or close each other (it is done at the server's command line).
    """
    if post in ADMIN_POSTS and APPOINT not in own:
        return refused(
            _(
                "三员的账号不能在页面上重置或停用。忘记密码的，由掌管服务器的人在命令行重置："
                "./run manage appoint --reset --username 登录名（验证设备也丢了的，加 --second-factor）；"
                "离任的，先由安全管理员收回岗位，再停用账号。"
            ),
            SEPARATION,
        )
    if post in ADMIN_POSTS or SYSTEM in own or set(actions_of(post)) - KEPT_APART <= set(own):
        return passed()
    return refused(_("该账号的权限超出您自己的权限，请由系统管理员或者上级工会办理。"), SOURCE)


def may_close(actor_id: int | None, user_id: int, reason: str) -> Verdict:
    """Say whether a log-in may be closed or opened again: by someone else, who says why."""
    if actor_id is not None and actor_id == user_id:
        return refused(_("不能停用或启用自己的账号，请由他人办理。"), SEPARATION)
    return passed() if reason.strip() else refused(_("请填写原因。"), SOURCE)


def administrator_left(*, is_one: bool, others: bool) -> Verdict:
    """Say whether a log-in may be closed without leaving the house without a system administrator."""
    if is_one and not others:
        return refused(_("这是唯一在用的系统管理员账号，请先任命另一位系统管理员。"), SOURCE)
    return passed()


def may_reopen(*, anonymised: bool) -> Verdict:
    """Say whether a closed log-in may be opened again: one without a name any more belongs to nobody."""
    return refused(_("该账号已匿名化，不能再启用。"), SOURCE) if anonymised else passed()


def may_reach(*, lies_within: bool) -> Verdict:
    """Say whether a log-in may be tied to a file or untied: all its seats must lie in reach."""
    if not lies_within:
        return refused(_("该账号不在您的职责范围内，或者还有您职责范围以外的岗位。"), SOURCE)
    return passed()


def may_link(actor_id: int | None, user_id: int, *, linked: bool, taken: bool) -> Verdict:
    """Say whether a log-in may be tied to a person's file: by someone else, once, and to one log-in only."""
    if actor_id is not None and actor_id == user_id:
        return refused(_("不能关联自己的账号和档案，请由他人办理。"), SEPARATION)
    if linked:
        return refused(_("该账号已关联另一份档案，请先解除关联。"), SOURCE)
    if taken:
        return refused(_("该档案已关联另一个账号。"), SOURCE)
    return passed()


def may_unlink(actor_id: int | None, user_id: int) -> Verdict:
    """Say whether a log-in may be untied from its file: by someone else, else own matters could be hidden."""
    if actor_id is not None and actor_id == user_id:
        return refused(_("不能解除自己的账号和档案的关联，请由他人办理。"), SEPARATION)
    return passed()


@dataclass(frozen=True)
class Term:
    """What decides whether a seat gives anything on a day; ``ends_on`` is the first day without it."""

    starts_on: date
    ends_on: date | None
    closed_on: date | None
    has_place: bool = True


def in_force(term: Term, today: date) -> Verdict:
    """Say whether a seat is in term on a day: from its first day to the day before its last."""
    if not term.has_place or (term.closed_on is not None and term.closed_on <= today):
        return refused(_("工会已终止。"), SOURCE)
    if term.starts_on > today:
        return refused(_("任期还没有开始。"), SOURCE)
    if term.ends_on is not None and term.ends_on <= today:
        return refused(_("任期已结束。"), SOURCE)
    return passed()


def handed(*, active: bool, revoked: bool, awaiting: bool) -> Verdict:
    """Say whether a log-in really holds a seat; ``awaiting``: it is named for it, but no one granted it."""
    if not active:
        return refused(_("账号已停用。"), SOURCE)
    if awaiting:
        return refused(_("岗位还没有授予这个账号。"), SOURCE)
    if revoked:
        return refused(_("岗位已收回。"), SOURCE)
    return passed()


def gives(post: str, seat_path: str, action: str, path: str) -> Verdict:
    """Say whether a seat that is held and in term gives ``action`` over the union at ``path``."""
    if action not in actions_of(post):
        return refused(_("该职务没有此项权限。"), f"grant:{action}")
    if not path.startswith(seat_path):
        return refused(_("该岗位的职责范围不包括所选工会。"), f"grant:{action}")
    if action in SENSITIVE:
        return warned(_("可以办理，但须先通过双因素验证。"), "house:second-factor")
    return passed()

"""What the tables of the house and of its libraries are called: in the audit, and in the register of data."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TITLES: Mapping[str, Promise] = MappingProxyType(
    {
        "organisations.Union": _("工会"),
        "organisations.Placement": _("隶属关系"),
        "organisations.UnionChange": _("工会变动"),
        "organisations.Employer": _("覆盖单位"),
        "organisations.HeadCount": _("单位人数"),
        "organisations.Committee": _("委员会届次"),
        "organisations.Seat": _("委员会任职"),
        "members.Person": _("人员档案"),
        "members.Membership": _("会籍"),
        "members.FullExport": _("完整号码的导出申请"),
        "accounts.User": _("账号"),
        "accounts.Holding": _("账号担任的岗位"),
        "finance.Entry": _("经费台账"),
        "finance.Payment": _("付款"),
        "activities.ActivityKind": _("活动种类"),
        "activities.Activity": _("活动"),
        "activities.Participation": _("实名参加"),
        "activities.Result": _("活动成绩"),
        "aid.Relief": _("慰问救助"),
        "honours.Honour": _("荣誉"),
        "privacy.SubjectRequest": _("个人信息请求"),
        "privacy.Consent": _("个人信息同意"),
        "privacy.Erasure": _("匿名化"),
        "privacy.Overdue": _("保存期限已满的人员"),
        "targets.Target": _("目标任务"),
        "summaries.Summary": _("工作总结"),
        "kernel.AuditEvent": _("审计记录"),
        "kernel.AuditHead": _("审计封印"),
        "kernel.Job": _("后台任务"),
        "kernel.CommandReceipt": _("提交凭证"),
        "kit.Attachment": _("附件"),
        "sessions.Session": _("登录状态"),
        "account.EmailAddress": _("电子邮箱"),
        "account.EmailConfirmation": _("电子邮箱的确认"),
        "mfa.Authenticator": _("双因素验证"),
        "usersessions.UserSession": _("登录设备"),
        "socialaccount.SocialAccount": _("第三方登录"),
        "socialaccount.SocialToken": _("第三方登录的令牌"),
        "axes.AccessFailureLog": _("登录失败记录"),
        "axes.AccessAttempt": _("登录失败次数"),
        "axes.AccessLog": _("登录记录"),
    }
)
_BY_LOWER = {label.lower(): title for label, title in TITLES.items()}


def title_of(label: str) -> str:
    """Return what a table is called, by its label in any case; the label itself where nobody has named it."""
    return str(_BY_LOWER.get(label.lower(), label.partition(".")[2] or label))

"""The tables that no area's card declares: the kernel's, the kit's, Django's and those of installed packages.

The key is the label of the model. A table that is listed here and not installed does no harm; one that is
installed and listed nowhere fails ``tests/guards/test_privacy.py``.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Privacy

_LOG = _("个人信息保护法第51条、第54条；网络安全法第21条：日志不少于六个月")
_DOOR = _("个人信息保护法第51条；网络安全法第24条：确认用户身份")
_AUDIT = ("audit.view", "audit.alerts")
_ACCOUNTS = ("accounts.manage", "accounts.own")


OTHERS: Mapping[str, Privacy] = MappingProxyType(
    {
        "kernel.AuditEvent": Privacy(
            "AuditEvent",
            "personal",
            _("谁在什么时候查看、修改了什么；只有编号和栏目名，不存内容，任何人不能删除"),
            ("actor_id", "actor_name", "post", "address", "object_id", "subject_id", "before", "reason"),
            basis=_LOG,
            seen_by=_AUDIT,
        ),
        "kernel.AuditHead": Privacy("AuditHead", "none", _("审计链的末端")),
        "kernel.OutboxEvent": Privacy("OutboxEvent", "none", _("模块之间的通知，只有编号")),
        "kernel.CommandReceipt": Privacy(
            "CommandReceipt",
            "personal",
            _("防止同一表单重复提交；只有账号编号和摘要"),
            ("user_id", "digest"),
            basis=_LOG,
            months=13,
        ),
        "kernel.Job": Privacy(
            "Job",
            "personal",
            _("导入和生成任务的进度；出错的行可能写有姓名，90天后删除"),
            ("owner_id", "title", "message", "parameters", "result"),
            basis=_LOG,
            months=3,
            seen_by=("books.import", "summaries.make"),
        ),
        "kernel.KeyCanary": Privacy("KeyCanary", "none", _("检验密钥的固定文字")),
        "kit.Attachment": Privacy(
            "Attachment",
            "sensitive",
            _("记录的附件（加密保存），内容随所附的记录"),
            ("name", "sha256", "uploaded_by_id", "uploaded_by", "subject_id"),
            basis=_("与所附的记录相同；敏感的须单独同意（个人信息保护法第29条）"),
            months=60,
            seen_by=("aid.view", "activities.view", "honours.view", "finance.view"),
        ),
        "accounts.User_groups": Privacy("User_groups", "none", _("不使用")),
        "accounts.User_user_permissions": Privacy("User_user_permissions", "none", _("不使用")),
        "auth.Permission": Privacy("Permission", "none", _("框架的权限名称，不使用")),
        "auth.Group": Privacy("Group", "none", _("不使用")),
        "auth.Group_permissions": Privacy("Group_permissions", "none", _("不使用")),
        "contenttypes.ContentType": Privacy("ContentType", "none", _("数据表名称")),
        "sessions.Session": Privacy(
            "Session",
            "personal",
            _("登录状态，到期后删除"),
            ("session_data",),
            basis=_DOOR,
            months=1,
        ),
        "django_tasks_database.DBTaskResult": Privacy(
            "DBTaskResult", "none", _("任务队列，只有任务编号，90天后删除")
        ),
        "account.EmailAddress": Privacy(
            "EmailAddress",
            "personal",
            _("找回账号"),
            ("user", "email"),
            basis=_DOOR,
            months=6,
            seen_by=_ACCOUNTS,
        ),
        "account.EmailConfirmation": Privacy(
            "EmailConfirmation", "personal", _("确认电子邮箱"), ("email_address",), basis=_DOOR, months=6
        ),
        "mfa.Authenticator": Privacy(
            "Authenticator",
            "personal",
            _("双因素验证：动态口令、通行密钥、恢复码"),
            ("user", "data"),
            basis=_DOOR,
            months=6,
            seen_by=("accounts.own",),
        ),
        "usersessions.UserSession": Privacy(
            "UserSession",
            "personal",
            _("本人和管理员查看、终止登录"),
            ("user", "ip", "user_agent"),
            basis=_DOOR,
            months=6,
            seen_by=_ACCOUNTS,
        ),
        "socialaccount.SocialApp": Privacy("SocialApp", "none", _("第三方登录的应用设置")),
        "socialaccount.SocialApp_sites": Privacy("SocialApp_sites", "none", _("不使用")),
        "socialaccount.SocialAccount": Privacy(
            "SocialAccount",
            "personal",
            _("企业微信、钉钉等登录时对应本人"),
            ("user", "uid", "extra_data"),
            basis=_DOOR,
            months=6,
            seen_by=("accounts.own",),
        ),
        "socialaccount.SocialToken": Privacy(
            "SocialToken", "personal", _("第三方登录的令牌，不保存"), ("account",), basis=_DOOR, months=1
        ),
        "axes.AccessFailureLog": Privacy(
            "AccessFailureLog",
            "personal",
            _("登录失败的记录，用于防止猜测密码"),
            ("user_agent", "ip_address", "username"),
            basis=_LOG,
            months=6,
        ),
        "axes.AccessAttempt": Privacy(
            "AccessAttempt",
            "personal",
            _("登录失败的次数，用于暂停登录"),
            ("user_agent", "ip_address", "username"),
            basis=_LOG,
            months=6,
        ),
        "axes.AccessAttemptExpiration": Privacy("AccessAttemptExpiration", "none", _("暂停登录的到期时间")),
        "axes.AccessLog": Privacy(
            "AccessLog",
            "personal",
            _("登录和退出的记录"),
            ("user_agent", "ip_address", "username"),
            basis=_LOG,
            months=6,
        ),
    }
)

# What people call the records of a model, where a page speaks of them.

"""Every address of the house with what opens it. How to read a line: access_spec.Page."""

from __future__ import annotations

from tests.guards.access_spec import (
    ALL,
    ANYONE,
    LOOK,
    OPEN,
    OWNER,
    REACH,
    WRONG_METHOD,
    Page,
    listing,
    press,
    record,
)

ORGANISATIONS = (
    Page("organisations:union-list", "organisations.view", shows="union name"),
    Page(
        "organisations:union-list",
        "organisations.view",
        ask="?q=ZQ&sort=-name&columns=code",
        ways=LOOK,
        shows="union code",
    ),
    Page("organisations:union-create", "organisations.manage", ask="?parent={union}", place=ALL),
    Page("organisations:union-options", "organisations.view", ask="?q=ZQ", shows="union name"),
    Page("organisations:tree", "organisations.view", shows="union name"),
    Page("organisations:tree-children", "organisations.view", ("union",)),
    Page("organisations:union-detail", "organisations.view", ("union",), shows="union name"),
    *(
        Page("organisations:union-detail", "organisations.view", ("union",), ask=f"?tab={tab}", ways=LOOK)
        for tab in range(6)
    ),
    Page("organisations:union-edit", "organisations.record", ("union",)),
    Page("organisations:union-rename", "organisations.manage", ("union",)),
    Page("organisations:union-upgrade", "organisations.manage", ("union",)),
    Page("organisations:union-move", "organisations.manage", ("union",)),
    Page("organisations:union-close", "organisations.manage", ("union",)),
    Page("organisations:committee-create", "organisations.record", ("union",)),
    Page("organisations:seat-create", "organisations.record", ("union",)),
    Page("organisations:employer-create", "organisations.record", ("union",)),
    Page("organisations:term-list", "organisations.view", shows="union name"),
    Page("organisations:committee-end", "organisations.record", ("committee",)),
    Page("organisations:seat-end", "organisations.record", ("seat",), shows="seat holder"),
    Page("organisations:employer-list", "organisations.view", shows="employer"),
    Page("organisations:employer-detail", "organisations.view", ("employer",), shows="employer"),
    Page("organisations:employer-edit", "organisations.record", ("employer",), shows="employer"),
    Page("organisations:employer-end", "organisations.record", ("employer",), shows="employer"),
    Page("organisations:head-count-create", "organisations.record", ("employer",), shows="employer"),
    Page("organisations:head-count-edit", "organisations.record", ("head_count",), shows="employer"),
)
MEMBERS = (
    Page("members:roster", "members.view", shows="person"),
    Page("members:roster", "members.view", ask="?q=ZQ&sort=-id_number", ways=LOOK, shows="membership"),
    Page("members:member-enrol", "members.record"),
    Page("members:person-detail", "members.view", ("person",), shows="person"),
    *(
        Page("members:person-detail", "members.view", ("person",), ask=f"?tab={tab}", ways=LOOK)
        for tab in range(4)
    ),
    Page("members:person-correct", "members.record", ("person",), shows="person"),
    Page("members:person-find", "members.view"),
    Page("members:reveal", "members.reveal", ("person",), shows="person", fresh=True),
    Page(
        "members:reveal",
        "members.reveal",
        ("person",),
        form="purpose=check",
        ways=("POST",),
        fresh=True,
        shows="whole ID number",
    ),
    Page("members:full-export-list", "members.export_full", shows="full export"),
    Page("members:full-export-ask", "members.export_full"),
    Page("members:full-export-detail", "members.export_full", ("export",), shows="full export"),
    press("members:full-export-approve", "members.approve_full", "export", method_first=True, fresh=True),
    Page("members:full-export-refuse", "members.approve_full", ("export",)),
    press("members:full-export-take", "members.export_full", "export", method_first=True, fresh=True),
    Page("members:application-list", "members.record", shows="person"),
    Page("members:transfer-list", "members.record"),
    Page("members:transfer", "members.record", ("moving", "=accept")),
    Page("members:transfer", "members.record", ("moving", "=refuse")),
    Page("members:membership-correct", "members.record", ("membership",), shows="membership"),
    Page("members:step", "members.record", ("applied", "=approve"), shows="person"),
    Page("members:step", "members.record", ("applied", "=reject"), shows="person"),
    Page("members:step", "members.record", ("membership", "=transfer_start"), shows="person"),
    Page("members:step", "members.record", ("membership", "=retain"), shows="person"),
    Page("members:step", "members.record", ("retained", "=resume"), shows="person"),
    Page("members:step", "members.record", ("membership", "=end"), shows="person"),
    Page("members:person-options", "members.view", ask="?q=ZQ", shows="person"),
    Page("members:employer-options", "members.record", ask="?q=ZQ", shows="employer"),
)
ACCOUNTS = (
    Page("accounts:user-list", "accounts.manage", shows="account"),
    Page("accounts:user-create", "accounts.manage"),
    Page("accounts:member-create", "accounts.manage"),
    Page("accounts:seat-options", "accounts.manage", ask="?q=ZQ"),
    Page("accounts:user-detail", "accounts.manage", ("user",), shows="account"),
    Page("accounts:person-link", "accounts.manage", ("user",), shows="account"),
    press("accounts:person-unlink", "accounts.manage", "user", method_first=True),
    Page("accounts:password-reset", "accounts.manage", ("user",), shows="account"),
    press("accounts:second-factor-reset", "accounts.manage", "user", method_first=True, fresh=True),
    press("accounts:sessions-end", "accounts.manage", "user", method_first=True),
    press("accounts:lockout-reset", "accounts.manage", "user", method_first=True),
    Page("accounts:holding-grant", "accounts.grant", ("user",), shows="account"),
    press("accounts:holding-revoke", "accounts.grant", "holding", method_first=True),
    Page("accounts:seat-grant", "accounts.grant", ("seat",), shows="seat holder"),
    Page("accounts:matrix", "accounts.matrix"),
    Page("accounts:seat-register", "accounts.matrix", shows="seat holder"),
    Page("accounts:seat-detail", "accounts.matrix", ("seat",), shows="seat holder"),
    Page("accounts:why", "accounts.matrix"),
    Page("accounts:user-options", "accounts.matrix", ask="?q=ZQ", shows="account"),
    Page("accounts:union-options", "accounts.matrix", ask="?q=ZQ", shows="union name"),
)
OWN = (
    Page("accounts:login", OPEN, get=302, post=302, stranger=200, why="someone who is logged in goes on"),
    Page("account_login", OPEN, get=302, post=302, stranger=200, why="the same door by the library's name"),
    Page("mfa_authenticate", OPEN, get=302, post=302, stranger=302, why="the second step needs a first one"),
    Page("accounts:logout", ANYONE, get=405, post=302),
    Page("accounts:step-up", ANYONE),
    Page("account_reauthenticate", ANYONE),
    Page("accounts:my-seats", ANYONE),
    Page("accounts:password-change", ANYONE),
    Page("accounts:language", ANYONE, get=405, post=302),
    Page("accounts:sessions", ANYONE),
    Page("accounts:sessions-end-others", ANYONE, get=405, post=302),
    Page("accounts:session-end", ANYONE, ("=999999999",), get=405, post=404, place=ALL),
    Page("accounts:totp-off", ANYONE, get=405, post=404, fresh=True),
    Page("accounts:recovery-codes-new", ANYONE, get=405, post=302, fresh=True),
    Page("accounts:passkey-add", ANYONE, fresh=True, is_form=True),
    Page("accounts:passkey-remove", ANYONE, ("=999999999",), get=405, post=404, place=ALL, fresh=True),
    Page("mfa_index", ANYONE),
    Page("mfa_activate_totp", ANYONE, fresh=True, is_form=True),
    Page("mfa_view_recovery_codes", ANYONE, get=302, post=302, fresh=True, why="nobody here has codes"),
)
ACTIVITIES = (
    listing("activities:activity-list", "activities.view", "activity"),
    listing("activities:activity-list", "activities.view", "activity", ask="?q=ZQ&sort=-people", ways=LOOK),
    listing("activities:calendar", "activities.view", "activity", ask="?month=2025-03"),
    Page("activities:activity-new", "activities.record"),
    record("activities:activity-detail", "activities.view", "activity", "activity"),
    Page("activities:activity-edit", "activities.record", ("activity",), shows="activity"),
    Page("activities:participants", "activities.record", ("activity",), shows="participant"),
    Page("activities:result-new", "activities.record", ("activity",)),
    listing("activities:result-list", "activities.view", "winner"),
    record("activities:result-detail", "activities.view", "result", "winner"),
    Page("activities:result-edit", "activities.record", ("result",), shows="winner"),
)
AID = (
    listing("aid:relief-list", "aid.view", "beneficiary"),
    listing("aid:relief-list", "aid.view", "beneficiary", ask="?q=ZQ&sort=-amount", ways=LOOK),
    Page("aid:relief-new", "aid.record"),
    Page("aid:relief-batch", "aid.record"),
    record("aid:relief-detail", "aid.view", "relief", "beneficiary"),
    Page("aid:relief-edit", "aid.record", ("relief",), shows="relief note"),
)
FINANCE = (
    listing("finance:entry-list", "finance.view", "entry"),
    listing("finance:entry-list", "finance.view", "entry", ask="?q=ZQ&sort=-amount", ways=LOOK),
    Page("finance:entry-new", "finance.record"),
    record("finance:entry-detail", "finance.view", "entry", "entry"),
    Page("finance:entry-edit", "finance.record", ("entry",), shows="entry"),
    Page("finance:formalities-set", "finance.record", ("entry", "=ready"), get=405, post=302),
    listing("finance:payment-list", "finance.view", "payment"),
    listing("finance:payment-mine", "finance.request"),
    record("finance:payment-detail", "finance.view", "requested", "payment"),
    record("finance:payment-own", "finance.request", "own payment", place=OWNER),
    Page("finance:payment-new", "finance.request"),
    Page("finance:payment-edit", "finance.request", ("own payment",), place=OWNER),
    press("finance:payment-withdraw", "finance.request", "own payment", place=OWNER),
    press("finance:payment-check", "finance.check", "requested"),
    Page("finance:payment-return", "finance.check", ("requested",), shows="payment"),
    Page("finance:payment-send-back", "finance.approve", ("checked",), shows="payment"),
    Page("finance:payment-refuse", "finance.approve", ("checked",), shows="payment"),
    press("finance:payment-approve", "finance.approve", "checked", fresh=True),
    Page("finance:payment-pay", "finance.pay", ("approved",), shows="payment", fresh=True),
    Page("finance:account-reveal", "finance.pay", ("approved",), fresh=True),
    Page(
        "finance:account-reveal",
        "finance.pay",
        ("approved",),
        form="purpose=payment",
        ways=("POST",),
        fresh=True,
    ),
)
HONOURS = (
    listing("honours:honour-list", "honours.view", "honour"),
    Page("honours:honour-new", "honours.record"),
    record("honours:honour-detail", "honours.view", "honour", "honour"),
    Page("honours:honour-edit", "honours.record", ("honour",), shows="honour"),
)
FIGURES = (
    Page("figures:catalogue", "figures.view", ask="?union={code}&period=2025", shows="union code"),
    Page(
        "figures:figure",
        "figures.view",
        ("=aid.amount",),
        "?union={code}&period=2025",
        REACH,
        shows="union code",
    ),
    Page(
        "figures:rows",
        "figures.view",
        ("=aid.amount",),
        "?union={code}&period=2025",
        REACH,
        shows="union code",
    ),
    Page("figures:rows", "figures.view", ("=members.members",), "?union={code}&period=2025", REACH),
    Page("figures:rows", "figures.view", ("=finance.income",), "?at={union}&period=2025", REACH),
)
SUMMARIES = (
    listing("summaries:summary-list", "summaries.view", "union name"),
    Page("summaries:summary-new", "summaries.make"),
    listing("summaries:summary-preview", "summaries.make", ask="?union={union}&period=2025", place=ALL),
    listing("summaries:silent", "summaries.view", ask="?union={code}&period=2025", place=REACH),
    record("summaries:summary-detail", "summaries.view", "summary", "union name"),
    record("summaries:summary-download", "summaries.view", "summary", "union name"),
    record("summaries:job", "summaries.make", "making", place=OWNER),
    record("summaries:job", "summaries.make", "made", place=OWNER, get=302),
    record("summaries:job-progress", "summaries.make", "making", place=OWNER),
    Page("summaries:job-cancel", "summaries.make", ("making",), place=OWNER, get=405, post=302),
)
BOOKS = (
    Page("books:import-upload", "books.import"),
    listing("books:import-template", "books.import"),
    Page("books:import-columns", "books.import", ("=" + "0" * 32 + ".xlsx",), place=ALL, get=404, post=404),
    record("books:import-job", "books.import", "importing", place=OWNER),
    record("books:import-job", "books.import", "previewed", place=OWNER),
    record("books:import-progress", "books.import", "importing", place=OWNER),
    Page("books:import-confirm", "books.import", ("previewed",), place=OWNER, get=405, post=302),
    Page("books:import-cancel", "books.import", ("importing",), place=OWNER, get=405, post=302),
    record("books:import-failed", "books.import", "previewed", place=OWNER),
)
LISTS = (
    ("/organisations/", "organisations.view", "union name"),
    ("/organisations/employers/", "organisations.view", "employer"),
    ("/organisations/terms/", "organisations.view", "union name"),
    ("/members/", "members.view", "person"),
    ("/activities/", "activities.view", "activity"),
    ("/activities/results/", "activities.view", "winner"),
    ("/aid/", "aid.view", "beneficiary"),
    ("/finance/", "finance.view", "entry"),
    ("/finance/payments/", "finance.view", "payment"),
    ("/honours/", "honours.view", "honour"),
    ("/figures/aid.amount/rows/?period=2025", "figures.view", "union name"),
    ("/privacy/requests/", "privacy.serve", ""),
    ("/audit/", "audit.view", "audit"),
)
EXPORTS = (
    Page(
        "books:export",
        "books.export",
        get=405,
        post=404,
        fresh=True,
        method_first=True,
        why="no list is named",
    ),
    *(
        Page(
            "books:export",
            "books.export",
            also=action,
            form=f"purpose=check&address={address}",
            ways=("POST",),
            shows=shows,
            fresh=True,
        )
        for address, action, shows in LISTS
    ),
)
FILES = (
    Page(
        "books:attachment-add",
        "activities.record",
        ("=activities.Activity", "activity"),
        get=405,
        post=302,
        method_first=True,
        refused=404,
    ),
    Page(
        "books:attachment-add",
        "aid.record",
        ("=aid.Relief", "relief"),
        get=405,
        post=302,
        method_first=True,
        refused=404,
    ),
    record(
        "books:attachment",
        "activities.view",
        "file of activity",
        "attachment",
        method_first=True,
        refused=404,
    ),
    record("books:attachment", "aid.view", "file of relief", "attachment", method_first=True, refused=404),
    press("books:attachment-remove", "activities.record", "file of activity", method_first=True, refused=404),
    press("books:attachment-remove", "aid.record", "file of relief", method_first=True, refused=404),
)
AUDIT = (
    listing("audit:line-list", "audit.view", "audit"),
    Page("audit:verify", "audit.view"),
    listing("audit:daily-head", "audit.view"),
    listing("audit:alert-list", "audit.alerts"),
    listing("audit:alert-lines", "audit.alerts", args=("=reveals", "=1", "=2026-01-05"), place=ALL),
    listing("audit:mine", "members.own"),
)
PRIVACY = (
    listing("privacy:register", "privacy.view"),
    Page("privacy:own", "members.own"),
    Page("privacy:export", "privacy.serve", fresh=True),
    listing("privacy:request-list", "privacy.serve", "person"),
    Page("privacy:request-new", "privacy.serve"),
    record("privacy:request-detail", "privacy.serve", "request", "request"),
    Page("privacy:request-answer", "privacy.serve", ("request",)),
    listing("privacy:consent-list", "privacy.serve", "person"),
    Page("privacy:consent-new", "privacy.serve"),
    Page("privacy:consent-withdraw", "privacy.serve", ("consent",)),
    listing("privacy:erasure-list", "privacy.erase", "person"),
    Page("privacy:erasure-new", "privacy.erase"),
    record("privacy:erasure-detail", "privacy.erase", "erasure", "person"),
    Page("privacy:erasure-approve", "privacy.erase", ("erasure",), fresh=True),
    Page("privacy:erasure-reject", "privacy.erase", ("erasure",)),
    listing("privacy:overdue-list", "privacy.erase", "person"),
)
SYSTEM = (Page("system:status", "system.view"),)
TARGETS = (
    Page("targets:target-list", "targets.view", shows="union name"),
    Page("targets:target-set", "targets.set"),
    Page("targets:target-set", "targets.set", ask="?target={target}", shows="target"),
)
WEB = (
    Page("web:home", ANYONE),
    Page("web:todo", ANYONE),
    Page("web:search", ANYONE, ask="?q=ZQ"),
    Page("set_language", OPEN, get=302, post=302),
)
PAGES = (
    *ORGANISATIONS,
    *MEMBERS,
    *ACCOUNTS,
    *OWN,
    *ACTIVITIES,
    *AID,
    *FINANCE,
    *HONOURS,
    *FIGURES,
    *SUMMARIES,
    *BOOKS,
    *TARGETS,
    *WEB,
    *EXPORTS,
    *FILES,
    *AUDIT,
    *PRIVACY,
    *SYSTEM,
)


# Pages that take a method they do not know (PUT, DELETE) for a look: nothing is written, yet 405 is due.
STRICT = ("activities:", "aid:", "audit:", "books:", "finance:", "honours:", "privacy:", "summaries:")
NOT_STRICT = (
    "books:import-columns",
    "books:import-upload",
    "finance:account-reveal",
    "summaries:summary-new",
)
LAX: frozenset[str] = frozenset(
    page.name
    for page in PAGES
    if page.get != WRONG_METHOD and (page.name in NOT_STRICT or not page.name.startswith(STRICT))
)

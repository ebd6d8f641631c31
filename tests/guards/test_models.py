"""Every model is counted, shown on a page, or says why not; and its privacy class is declared."""

from django.apps import apps

from zhijia.kernel.registry import registry

# model -> why it needs neither facts nor a page of its own
REASONS = {
    "kernel.AuditEvent": "shown as the history of each record",
    "kernel.AuditHead": "the end of the audit's chain; shown on the page of its seal",
    "kernel.KeyCanary": "a known text that shows whether keys and database belong together",
    "kit.Attachment": "shown on the page of its record",
    "members.FullExport": "shown on its own pages",
    "finance.Payment": "shown on its own pages; counted through the entry that it posts",
    "kernel.OutboxEvent": "internal post between areas",
    "kernel.CommandReceipt": "internal proof against double submission",
    "kernel.Job": "shown as the progress of an import or a summary",
    "accounts.User": "shown on the accounts pages",
    "accounts.Holding": "shown on the accounts pages",
    "organisations.Seat": "shown on the page of its union",
    "members.Person": "shown on the member's page; counted through memberships",
    "activities.ActivityKind": "a dictionary, chosen in forms",
    "privacy.SubjectRequest": "shown on the page of requests",
    "privacy.Consent": "shown on the page of consents",
    "privacy.Erasure": "shown on the page of erasures",
    "privacy.Overdue": "shown on the page of persons past keeping",
    "targets.Target": "shown on the page of targets",
    "summaries.Summary": "shown on the page of summaries",
}


def own_models():
    return {
        model._meta.label: model
        for model in apps.get_models()
        if model.__module__.startswith("zhijia.") and model._meta.managed
    }


def counted():
    return {table.queryset().model._meta.label for table in registry().objects("facts")}


def test_it_counts_or_explains_every_model():
    unexplained = set(own_models()) - counted() - set(REASONS)
    assert unexplained == set()


def test_it_keeps_no_stale_reason():
    assert set(REASONS) - set(own_models()) == set()
    assert set(REASONS) & counted() == set()


def test_it_declares_the_privacy_class_of_every_record():
    areas = {card.name for card in registry().cards}
    declared = {f"{card.name}.{line.model}" for card in registry().cards for line in card.privacy}
    models = {label for label in own_models() if label.split(".")[0] in areas}
    assert models - declared == set()
    assert declared - models == set()


def test_it_keeps_the_facts_contract():
    from zhijia.facts.table import problems

    assert [line for table in registry().objects("facts") for line in problems(table)] == []

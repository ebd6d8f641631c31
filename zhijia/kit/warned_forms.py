"""Forms whose warnings must be seen once before they save: rules that advise, but do not forbid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.http import QueryDict

from zhijia.kernel.verdict import Verdict


class WarnedForm(forms.Form):
    """A form that is asked about by rules; blocks are errors, warnings want a second click.

    The first submission with warnings shows them and stores their digest in ``seen``; the second one, with
    the same warnings, is ``settled``.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Verdict] = []

    def judge(self, answers: Iterable[tuple[str, Verdict]]) -> None:
        """Turn blocks into errors of their fields and keep the warnings."""
        for field, verdict in answers:
            if not verdict.ok:
                self.add_error(field if field in self.fields else None, str(verdict.reason))
            elif verdict.level == "warn":
                self.warnings.append(verdict)

    @property
    def settled(self) -> bool:
        """Whether the form may be saved now; otherwise the digest of its warnings goes into the page."""
        digest = hashlib.sha256("\n".join(str(one.reason) for one in self.warnings).encode()).hexdigest()[:16]
        if not self.warnings or self.data.get("seen") == digest:
            return True
        data = cast("QueryDict", self.data).copy()
        data["seen"] = digest
        self.data = data
        return False

    def values(self) -> dict[str, Any]:
        """Return what the service writes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def stored_value(self, record: Any, name: str) -> Any:
        """Return a stored value in the form that the field of this name cleans to."""
        return getattr(record, name)

"""The forms of the import pages: the file, and which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhijia.kit import sheets
from zhijia.kit.books.gate import SUFFIXES
from zhijia.kit.books.headers import Guess
from zhijia.kit.sheets import Sheet


class UploadForm(forms.Form):
    """The ledger and, if rows name no union, the union they belong to."""

    file = forms.FileField(
        label=_("台账文件"),
        max_length=1000,
        allow_empty_file=True,  # the gate says it better
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
        help_text=_("Excel 或 WPS 表格（.xlsx、.xls、.ods）或 CSV，不超过 50 MB、每张表不超过 5 万行。"),
    )
    union = forms.CharField(
        label=_("默认工会编码"),
        required=False,
        max_length=40,
        help_text=_("没有写所属工会的行归入该工会；可不填。"),
    )


class MappingForm(forms.Form):
    """For each sheet of the file: what it is, and what each of its columns is. Pre-filled by ``guesses``.

    ``cleaned_mapping`` is what the importer takes; ``is_settled`` is False when a sheet was given another
    meaning than the columns shown belong to, so that the page must be shown once more.
    """

    def __init__(self, *args: Any, guesses: Sequence[Guess], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.guesses = guesses
        known = sheets.sheets()
        self.by_key = {sheet.key: sheet for sheet in known}
        choices = [("", _("忽略")), *((sheet.key, sheet.title) for sheet in known)]
        for number, guess in enumerate(guesses):
            chosen = self._chosen(number, guess)
            initial = guess.sheet.key if guess.sheet else ""
            self.fields[f"s{number}"] = forms.ChoiceField(
                label=_("这张表登记的是"), choices=choices, required=False, initial=initial
            )
            self.fields[f"k{number}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=chosen.key if chosen else ""
            )
            if chosen is not None:
                self._columns(number, guess, chosen)

    def _chosen(self, number: int, guess: Guess) -> Sheet | None:
        if self.is_bound:
            return self.by_key.get(str(self.data.get(f"s{number}", "")))
        return guess.sheet

    def _columns(self, number: int, guess: Guess, sheet: Sheet) -> None:
        options = [
            ("", _("忽略")),
            *(
                (column.key, f"{column.title}*" if column.required else column.title)
                for column in sheet.columns
            ),
        ]
        for place, title in enumerate(guess.titles):
            initial = guess.columns.get(title, "")
            self.fields[f"s{number}c{place}"] = forms.ChoiceField(
                label=title, choices=options, required=False, initial=initial
            )

    @property
    def is_settled(self) -> bool:
        """Say whether the columns shown belong to the sheets chosen."""
        return all(
            self.data.get(f"s{number}", "") == self.data.get(f"k{number}", "")
            for number in range(len(self.guesses))
        )

    def cleaned_mapping(self) -> dict[str, dict[str, Any]]:
        """Return ``{source: {"sheet": key, "columns": {header: key}}}``."""
        mapping: dict[str, dict[str, Any]] = {}
        for number, guess in enumerate(self.guesses):
            columns = {
                title: self.cleaned_data.get(f"s{number}c{place}", "")
                for place, title in enumerate(guess.titles)
            }
            mapping[guess.source] = {"sheet": self.cleaned_data[f"s{number}"], "columns": columns}
        return mapping

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields sheet by sheet, for the page."""
        return [
            {
                "source": guess.source,
                "sheet": self[f"s{number}"],
                "kept": self[f"k{number}"],
                "columns": [
                    self[f"s{number}c{place}"]
                    for place in range(len(guess.titles))
                    if f"s{number}c{place}" in self.fields
                ],
            }
            for number, guess in enumerate(self.guesses)
        ]

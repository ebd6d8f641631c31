"""What is asked before the chain is verified."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.chain import Head


class VerifyForm(forms.Form):
    """A head that was printed earlier, if there is one at hand."""

    head = forms.CharField(
        label=_("早前打印的封印"),
        required=False,
        max_length=120,
        help_text=_("可不填。照纸上的“序号:封印”输入，空格不影响。"),
    )

    def clean_head(self) -> Head | None:
        """Return the head; None when nothing was typed."""
        text = self.cleaned_data["head"]
        if not text.strip():
            return None
        try:
            return Head.parse(text.replace("：", ":"))
        except ValueError as error:
            raise ValidationError(_("封印应为“序号:64位字符”，请照打印页核对。")) from error

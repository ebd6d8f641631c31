"""Every text is translated into English and traditional Chinese, and the compiled files are current."""

import pytest
from django.core.management import call_command

from zhijia.config import catalogues


@pytest.mark.skipif(not catalogues.is_ready(), reason="gettext is not installed (apt install gettext)")
def test_it_translates_every_text():
    call_command("messages", "--check")


def test_it_drafts_traditional_chinese_with_the_terms_of_unions():
    assert catalogues.traditional("工会干事的权限") == "工會幹事的權限"
    assert catalogues.traditional("请导入台账") == "請匯入台帳"

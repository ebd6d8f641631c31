"""The kit's own tables."""

from zhijia.kit.attachments.models import Attachment

__all__ = ["Attachment"]

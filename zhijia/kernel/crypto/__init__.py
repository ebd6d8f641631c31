"""Sealing of sensitive columns and files, blind indexes and chained marks - with keys outside the database.

Cryptography is that of the library ``cryptography``; nothing here is invented. See docs/decisions/0015.
"""

from zhijia.kernel.crypto.canary import keys_fit
from zhijia.kernel.crypto.cipher import TamperedError, WrongKeyError
from zhijia.kernel.crypto.values import mac, seal, unseal

__all__ = ["TamperedError", "WrongKeyError", "keys_fit", "mac", "seal", "unseal"]

"""Identity numbers of nobody, for tests and the demo: right in form and check digit, in no region at all."""

from datetime import date
from typing import Literal

from zhijia.kernel.identity import id_check_digit

PLACES = 1000  # sequences of a region, day and sex: 000-999 are split into odd and even
_PER_REGION = PLACES // 2


def synthetic_id(serial: int, born: date, sex: Literal["male", "female"]) -> str:
    """Return the ``serial``-th synthetic number for a birth date and sex; ValueError when there is no more.

    The region is 999xxx, which GB/T 2260 does not have. Different serials give different numbers.
    """
    region, place = divmod(serial, _PER_REGION)
    if not 0 <= region < 1000:  # noqa: PLR2004 - three digits of the fictional region
        raise ValueError(f"serial {serial} is out of range")
    sequence = place * 2 + (1 if sex == "male" else 0)
    body = f"999{region:03}{born:%Y%m%d}{sequence:03}"
    return body + id_check_digit(body)

"""A file that cannot be taken as a whole; the sentence says what is wrong and what to do."""


class BookRefusedError(Exception):
    """Raised before anything is saved; ``str()`` is a translated sentence for the user."""


# Bounds that no honest ledger reaches (measured: 50,000 rows x 20 columns are 2.9 MB, 72 MB unpacked).
MAX_FILE = 50 * 2**20
MAX_UNZIPPED = 200 * 2**20
MAX_RATIO = 100
MAX_ROWS = 50_000
MAX_COLUMNS = 200

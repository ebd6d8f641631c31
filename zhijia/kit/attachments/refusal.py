"""A file that cannot be attached; the sentence says what is wrong, why, and how to mend it."""


class AttachmentRefusedError(Exception):
    """Raised before anything is kept; ``str()`` is a translated sentence for the user."""


MAX_FILE = 10 * 2**20
MOST_FILES = 20
"""At one record."""

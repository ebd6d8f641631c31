"""Makes a picture anew, by itself: ``python -m zhijia.kit.attachments.child SOURCE TARGET FORMAT``.

Only pixels come out: EXIF, places, comments, colour profiles, hidden data and what stood behind the end of
the picture stay behind; of an animated picture the first frame. Runs under a memory and a CPU limit.
Exit codes: 0 done, 3 too many pixels (told by the header, before anything is decoded), 4 unreadable.
"""

from __future__ import annotations

import sys
from typing import Any

from zhijia.kit.books.child import limit

MEMORY = 512 * 2**20
MOST_PIXELS = 40_000_000
DONE, TOO_LARGE, UNREADABLE = 0, 3, 4
PLAIN_MODES = {"JPEG": ("RGB", "L"), "PNG": ("RGB", "RGBA", "L", "LA", "P", "1")}
QUALITY = 88


def upright(picture: Any) -> Any:
    """Turn a picture as its EXIF says, since that is dropped."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(picture)


def run(source: str, target: str, kind: str) -> int:
    """Write the pixels of ``source`` to ``target`` and return the exit code."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    picture: Any = Image.open(source, formats=(kind,))
    if picture.width * picture.height > MOST_PIXELS:
        return TOO_LARGE
    picture.load()
    picture = upright(picture)
    if picture.mode not in PLAIN_MODES[kind]:
        picture = picture.convert("RGB")
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    picture.save(target, format=kind, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return DONE


def main(arguments: list[str]) -> int:
    """Set the limits and do the work; whatever a decoder stumbles over makes the file unreadable."""
    limit(MEMORY)
    try:
        return run(*arguments)
    except MemoryError:
        return TOO_LARGE
    except Exception as error:  # noqa: BLE001 - decoders raise what they like; the parent only asks whether
        if type(error).__name__.startswith("DecompressionBomb"):
            return TOO_LARGE
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

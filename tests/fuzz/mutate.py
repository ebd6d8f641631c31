"""Seeded harm to files: bytes, parts of zips, XML. The same seed gives the same files."""

from __future__ import annotations

import io
import random
import zipfile

NOISE = (
    b"\0" * 64,
    b"\xff" * 64,
    b"<!ENTITY x SYSTEM 'file:///etc/passwd'>",
    b"PK\x03\x04" * 8,
    b"%PDF-1.7",
    b"]]>" * 20,
    "\u202e\u200b\ufeff".encode(),
    b"9" * 400,
    b"=1+1,@x,\t-1",
)
WORST = (
    b"-1",
    b"0",
    b"4294967296",
    b"9" * 30,
    b"1e309",
    b"",
    b"\xf0\x9f\x92\xa9",
    b"../../../x",
    b"&#0;",
    b"&x;",
)


def flipped(chance, data):
    """Change single bits."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 3, 20, 200))):
        if out:
            out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def cut(chance, data):
    """End early."""
    return data[: chance.randrange(len(data) + 1)]


def holed(chance, data):
    """Leave a stretch out, or write it twice."""
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 4, 64, 1024)))
    return data[:start] + data[start:end] * chance.choice((0, 2, 50)) + data[end:]


def noisy(chance, data):
    """Write something foreign over a place, or into it."""
    at = chance.randrange(len(data) + 1)
    noise = chance.choice(NOISE) * chance.choice((1, 1, 300))
    return data[:at] + noise + data[at + chance.choice((0, len(noise))) :]


def tailed(chance, data):
    """Let something follow."""
    return data + chance.choice(NOISE) * chance.choice((1, 100))


BYTES = (flipped, cut, holed, noisy, tailed)


def xml(chance, data):
    """Harm one part of XML: a value, a tag, its encoding, its depth."""
    ways = ("value", "tag", "encoding", "deep", "entity", "twice")
    way = chance.choice(ways)
    if way == "value":
        parts = data.split(b'"')
        if len(parts) > 2:
            parts[chance.randrange(1, len(parts), 2)] = chance.choice(WORST)
        return b'"'.join(parts)
    if way == "tag":
        parts = data.split(b"<")
        parts.pop(chance.randrange(len(parts)))
        return b"<".join(parts)
    if way == "encoding":
        return data.replace(b"UTF-8", chance.choice((b"UTF-16", b"GBK", b"UTF-7", b"x-none")), 1)
    if way == "deep":
        return data.replace(b"?>", b"?>" + b"<a>" * chance.choice((10, 5_000, 100_000)), 1)
    if way == "entity":
        return data.replace(b"?>", b'?><!DOCTYPE r [<!ENTITY x "y">]>', 1)
    return data + data


def zipped(chance, data):
    """Harm a zip: one of its parts, its list of parts, or how they are packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        names = old.namelist()
        chosen, way = chance.choice(names), chance.choice(("xml", "bytes", "drop", "name", "twice", "huge"))
        for name in names:
            body = old.read(name)
            packing = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
            if name == chosen:
                if way == "drop":
                    continue
                body = {"xml": xml, "bytes": chance.choice(BYTES)}.get(way, lambda _c, same: same)(
                    chance, body
                )
                if way == "huge":
                    body, packing = body + b" " * (11 << 20), zipfile.ZIP_DEFLATED
                if way == "name":
                    name = chance.choice(("../../x", "/etc/passwd", "a\\b", "长" * 200, name.upper()))  # noqa: PLW2901 - harm
            new.writestr(name, body, packing)
            if name == chosen and way == "twice":
                new.writestr(f"{name}.bak", body, packing)
    return target.getvalue()


def mutants(seeds, count, seed):
    """Yield ``count`` times a name and harmed bytes, made from the honest files by name."""
    chance = random.Random(seed)  # noqa: S311 - the same files each time, no secret
    names = sorted(seeds)
    for number in range(count):
        name = names[number % len(names)]
        data = seeds[name]
        if data.startswith(b"PK\x03\x04") and chance.random() < 0.6:
            data = zipped(chance, data)
        else:
            data = chance.choice(BYTES)(chance, data)
        if chance.random() < 0.15:
            data = chance.choice(BYTES)(chance, data)
        if chance.random() < 0.1:
            name = chance.choice(names)
        yield f"{number}-{name}", data

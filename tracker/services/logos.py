"""A logo: a PNG picture, read byte by byte and put together again from the parts that draw it, and no others."""

import struct
import zlib
from collections.abc import Iterator

from tracker.errors import Refused
from tracker.services.file_kinds import PNG, check_png, refused

MOST_BYTES = 200 * 1024
MOST_PIXELS = 1200  # wide, and high
# What draws the picture. Words, places, dates, animation and whatever else a file may carry stay behind.
KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"IDAT", b"IEND"})
# Bits of a sample that each kind of colour may have, and samples of a pixel.
KINDS = {0: ((1, 2, 4, 8, 16), 1), 2: ((8, 16), 3), 3: ((1, 2, 4, 8), 1), 4: ((8, 16), 2), 6: ((8, 16), 4)}
# Each pass of an interlaced picture: first column and row, and how far from one to the next. PNG specification, 8.2.
PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
HEADER = struct.Struct(">IIBBBBB")
WHOLE = ((0, 0, 1, 1),)


def clean_logo(content: bytes) -> bytes:
    """The same picture with nothing in it but the picture.

    Raises:
        Refused: no PNG, too large, damaged, or holding something besides.
    """
    if len(content) > MOST_BYTES:
        raise refused("must be 200 KB or smaller")
    if not content.startswith(PNG):
        raise refused("must be a PNG picture")
    check_png(content)
    parts = list(parts_of(content))
    check_pixels(parts)
    return PNG + b"".join(part_bytes(kind, body) for kind, body in parts if kind in KEPT)


def parts_of(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each part of a PNG whose lengths add up: (kind, body)."""
    at = len(PNG)
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        if content[at : at + 12 + length] != part_bytes(kind, body):
            raise damaged()
        yield kind, body
        at += 12 + length


def part_bytes(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def check_pixels(parts: list[tuple[bytes, bytes]]) -> None:
    """The size is as it may be, and there are exactly as many pixels as it says."""
    kind, header = parts[0]
    if kind != b"IHDR" or len(header) != HEADER.size:
        raise damaged()
    width, height, depth, colours, *methods, interlaced = HEADER.unpack(header)
    depths, samples = KINDS.get(colours, ((), 0))
    if depth not in depths or any(methods) or interlaced > 1 or not width or not height:
        raise damaged()
    if max(width, height) > MOST_PIXELS:
        raise refused(f"must be {MOST_PIXELS} pixels wide and high, or smaller: it is {width} by {height}")
    passes = PASSES if interlaced else WHOLE
    if not unpacks_to(parts, sum(pass_bytes(width, height, depth * samples, *each) for each in passes)):
        raise damaged()


def pass_bytes(width: int, height: int, bits: int, left: int, top: int, across: int, down: int) -> int:
    """The bytes of one pass: each line begins with one that says how it is packed. *bits* of a pixel."""
    columns, lines = -(-(width - left) // across), -(-(height - top) // down)
    return lines * (1 + -(-columns * bits // 8)) if columns > 0 and lines > 0 else 0


def unpacks_to(parts: list[tuple[bytes, bytes]], size: int) -> bool:
    """Whether the pixels unpack to exactly *size* bytes. No more than that is ever unpacked."""
    unpacker = zlib.decompressobj()
    try:
        pixels = unpacker.decompress(b"".join(body for kind, body in parts if kind == b"IDAT"), size + 1)
    except zlib.error:
        return False
    return len(pixels) == size and not unpacker.unused_data


def damaged() -> Refused:
    return refused("is not a whole PNG picture")

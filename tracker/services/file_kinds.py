"""Which kinds of file are taken, told by what is in them and never by their name alone.

Taken: PDF, Word, Excel and PowerPoint without macros, PNG, JPEG, plain text, CSV. Pages, drawings, programs, archives,
e-mails and the older Office formats are not: they can carry something that runs. A file of two kinds is refused.
"""

import re
import struct
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath

from tracker.errors import Refused

MOST_BYTES = 25 * 1024 * 1024
MOST_UNPACKED = 250 * 1024 * 1024  # bytes of an Office file's parts together
MOST_RATIO = 250  # times that a part may grow when it is unpacked, once it is large
LARGE = 5 * 1024 * 1024  # bytes
MOST_PARTS = 5_000
MOST_READ = 4 * 1024 * 1024  # bytes of one part that are looked through

TAKEN = "PDF, Word, Excel, PowerPoint, PNG, JPEG, text or CSV"
EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "pdf": ("pdf",),
    "docx": ("docx",),
    "xlsx": ("xlsx",),
    "pptx": ("pptx",),
    "png": ("png",),
    "jpg": ("jpg", "jpeg"),
    "txt": ("txt",),
    "csv": ("csv",),
}
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
PNG = b"\x89PNG\r\n\x1a\n"
# Names in a PDF that make it run, start or carry something.
ACTIVE_IN_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|SubmitForm)(?![A-Za-z])")
MARKUP = re.compile(rb"<(script|html|!doctype|\?php|iframe)[\s>]", re.IGNORECASE)
CARRIERS = re.compile(r"(vbaproject|vbadata|activex|oleobject)|\.(exe|dll|bin|js|vbs|ps1|bat|cmd|scr|hta|jar|lnk|zip)$")
ELSEWHERE = re.compile(rb"attachedTemplate|oleObject|frame", re.IGNORECASE)


def kind_of(content: bytes, name: str) -> str:
    """The kind of file, a key of EXTENSIONS, that its bytes show and its name agrees with.

    Raises:
        Refused: empty, too large, of a kind that is not taken, or holding what may run.
    """
    if not content:
        raise refused("is empty")
    if len(content) > MOST_BYTES:
        raise refused("must be 25 MB or smaller")
    kind = shown_kind(content)
    ending = PurePosixPath(name.lower()).suffix.removeprefix(".")
    if kind == "txt" and ending == "csv":
        kind = "csv"
    if ending not in EXTENSIONS[kind]:
        raise refused(
            f"is named as .{ending[:20]} but is not such a file" if ending else "must have an ending, like .pdf"
        )
    return kind


def shown_kind(content: bytes) -> str:
    """The kind by the bytes alone."""
    for begins, kind, check in (
        (b"%PDF-", "pdf", check_pdf),
        (PNG, "png", check_png),
        (b"\xff\xd8\xff", "jpg", check_jpeg),
    ):
        if content.startswith(begins):
            if zipfile.is_zipfile(BytesIO(content)):
                raise refused("is two kinds of file in one")
            check(content)
            return kind
    if content.startswith(b"PK\x03\x04"):
        return office_kind(content)
    check_text(content)
    return "txt"


def check_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise refused("is not a whole PDF")
    # A name may be written in hexadecimal: /J#61vaScript is /JavaScript.
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), content)
    if re.search(rb"/Encrypt(?![A-Za-z])", plain):
        raise refused("is protected by a password, so it cannot be checked. Send it without")
    if ACTIVE_IN_PDF.search(plain) or MARKUP.search(plain[:2048]):
        raise refused("contains something that can run. Print it to a new PDF and send that")


def check_png(content: bytes) -> None:
    """Its parts follow each other to the end, and nothing follows them."""
    at = len(PNG)
    while at + 12 <= len(content):
        length, part = struct.unpack(">I4s", content[at : at + 8])
        at += 12 + length
        if part == b"IEND":
            break
    else:
        raise refused("is not a whole PNG picture")
    if at != len(content):
        raise refused("has something after the picture")
    check_picture(content)


def check_jpeg(content: bytes) -> None:
    if b"\xff\xd9" not in content[-65_536:]:
        raise refused("is not a whole JPEG picture")
    check_picture(content)


def check_picture(content: bytes) -> None:
    if MARKUP.search(content):
        raise refused("is two kinds of file in one")


def check_text(content: bytes) -> None:
    """Text in UTF-8, UTF-16 or the Windows alphabet, that no program would take for a page or a script."""
    text = as_text(content)
    if text is None or re.search(r"[\x00-\x08\x0b\x0e-\x1f]", text):
        raise refused(f"must be a {TAKEN} file")
    start = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if start.startswith(("<", "#!", "{\\rtf", "@echo", "mime-version:", "received:", "from: ")) or MARKUP.search(
        content
    ):
        raise refused(f"must be a {TAKEN} file")


def as_text(content: bytes) -> str | None:
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for tried in (encoding, "cp1252"):
        try:
            return content.decode(tried)
        except UnicodeDecodeError:
            continue
    return None


def office_kind(content: bytes) -> str:
    """Word, Excel or PowerPoint in the present format, with nothing in it that runs."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            check_parts(parts, len(content))
            names = {part.filename for part in parts.infolist()}
            found = [kind for main, kind in OFFICE.items() if main in names]
            if "[Content_Types].xml" not in names or len(found) != 1:
                raise refused(f"must be a {TAKEN} file. Archives are not taken")
            for part in parts.infolist():
                if part.filename.endswith((".rels", "[Content_Types].xml")):
                    check_wiring(read_part(parts, part))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise refused("is damaged or protected by a password, so it cannot be checked") from None
    return found[0]


def check_parts(parts: zipfile.ZipFile, size: int) -> None:
    members = parts.infolist()
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise refused("unpacks to more than can be checked")
    if min((member.header_offset for member in members), default=1) or sum(m.compress_size for m in members) > size:
        raise refused("is two kinds of file in one")
    if len({member.filename.lower() for member in members}) != len(members):
        raise refused("holds two parts of one name")
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.orig_filename or ":" in member.filename:
            raise refused("holds a part whose name leads out of it")
        if member.flag_bits & 1:
            raise refused("is protected by a password, so it cannot be checked. Send it without")
        if member.file_size > LARGE and member.file_size > MOST_RATIO * max(member.compress_size, 1):
            raise refused("unpacks to more than can be checked")
        if CARRIERS.search(member.filename.lower()):
            raise refused("contains a macro or another program. Save it without, and send that")


def read_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    with parts.open(part) as opened:
        return opened.read(MOST_READ)


def check_wiring(xml: bytes) -> None:
    """What an Office file says of its own parts: no macros, nothing drawn from elsewhere, no declared entities."""
    if b"macroEnabled" in xml or b"vbaProject" in xml or b"\x00" in xml[:200]:
        raise refused("contains a macro or another program. Save it without, and send that")
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise refused("is damaged")
    for link in re.findall(rb"<Relationship\b[^>]*>", xml):
        if b"External" in link and ELSEWHERE.search(link):
            raise refused("draws a part from somewhere else. Save it without, and send that")


def refused(why: str) -> Refused:
    return Refused(f"The file {why}", field="file")

"""Files as people send them, and as those send them who mean no good. None of them does anything: they only look so."""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from struct import pack
from types import MappingProxyType

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40) + b"\xff\xd9"
PROGRAM = b"MZ\x90\x00\x03" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>canary()</script></svg>'
HTML = b"<!DOCTYPE html><html><script>canary()</script></html>"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + chunk(b"IDAT", zlib.compress(bytes(9))) + chunk(b"IEND", b"")


def zipped(parts: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def office(kind: str = "docx", more: Mapping[str, bytes] = MappingProxyType({})) -> bytes:
    """A file that Word, Excel or PowerPoint might have written, with *more* parts by name."""
    plain = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", MAIN[kind]: b"<document/>"}
    return zipped({**plain, **more})


def encrypted() -> bytes:
    """As `office`, with the mark of a password on every part."""
    content = bytearray(office())
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:
        content[at + 8] |= 1
        at += 4
    return bytes(content)


def wired(relationship: bytes) -> bytes:
    return office("docx", {"word/_rels/settings.xml.rels": b"<Relationships>" + relationship + b"</Relationships>"})


SOUND = {
    "letter.pdf": PDF,
    "Reply (final).DOCX": office(),
    "figures.xlsx": office("xlsx"),
    "slides.pptx": office("pptx"),
    "picture.png": PNG,
    "photo.jpeg": JPEG,
    "notes.txt": "Nothing held.\r\nCofion, Siân".encode("cp1252"),
    "list.csv": b"\xef\xbb\xbfdate,what\n2026-01-02,=1+1\n",
    "note.txt": "Nothing held".encode("utf-16"),
}

HOSTILE: Mapping[str, tuple[str, bytes]] = {
    "empty": ("empty.pdf", b""),
    "a program": ("setup.exe", PROGRAM),
    "a program named as a PDF": ("report.exe.pdf", PROGRAM),
    "a PDF named as a program": ("report.pdf.exe", PDF),
    "a PDF named as a page": ("report.pdf.html", PDF),
    "a PDF without an ending": ("report", PDF),
    "a PDF named as a picture": ("report.png", PDF),
    "a picture named as a PDF": ("report.pdf", PNG),
    "a name turned round": ("report\u202efdp.exe", PDF),
    "a name with a NUL": ("report.pdf\x00.exe", PDF),
    "a drawing": ("plan.svg", SVG),
    "a drawing named as a picture": ("plan.png", SVG),
    "a drawing named as text": ("plan.txt", SVG),
    "a page": ("page.html", HTML),
    "a page named as text": ("page.txt", HTML),
    "a page after blanks": ("page.txt", b"\n \t" + HTML),
    "a page further down": ("page.txt", b"Dear officer\n<script src=x></script>"),
    "a page in UTF-16": ("page.txt", HTML.decode().encode("utf-16")),
    "a script": ("run.sh", b"#!/bin/sh\nrm -rf /\n"),
    "a script named as text": ("run.txt", b"#!/bin/sh\nrm -rf /\n"),
    "a batch file": ("run.bat", b"@echo off\r\n"),
    "a script for Windows": ("run.vbs", b'MsgBox "hello"'),
    "rich text": ("letter.txt", rb"{\rtf1\ansi hello}"),
    "an e-mail": ("mail.eml", b"From: a@example.com\nMIME-Version: 1.0\n\nhello"),
    "old Word": ("letter.doc", OLD_OFFICE),
    "old Word named as new": ("letter.docx", OLD_OFFICE),
    "an archive": ("files.zip", zipped({"a.txt": b"a"})),
    "an archive named as Word": ("files.docx", zipped({"a.txt": b"a"})),
    "a macro": ("letter.docx", office("docx", {"word/vbaProject.bin": b"macro"})),
    "a macro named otherwise": ("letter.docx", office("docx", {"word/VBAPROJECT.BIN": b"macro"})),
    "a macro type": (
        "letter.docx",
        office("docx", {"word/_rels/a.rels": b'<Override ContentType="x.macroEnabled.y"/>'}),
    ),
    "a macro ending": ("letter.docm", office()),
    "an embedded object": ("letter.docx", office("docx", {"word/embeddings/oleObject1.bin": b"x"})),
    "an embedded program": ("letter.docx", office("docx", {"word/media/a.exe": PROGRAM})),
    "a control": ("sheet.xlsx", office("xlsx", {"xl/activeX/activeX1.xml": b"<x/>"})),
    "a template from elsewhere": (
        "letter.docx",
        wired(b'<Relationship Type="x/attachedTemplate" Target="http://x" TargetMode="External"/>'),
    ),
    "a declared entity": ("letter.docx", office("docx", {"word/_rels/a.rels": b'<!DOCTYPE x [<!ENTITY a "a">]>'})),
    "a bomb": ("letter.docx", office("docx", {"word/media/zeros.png": bytes(20 * 1024 * 1024)})),
    "a part that leads out": ("letter.docx", office("docx", {"../../etc/cron.d/x": b"x"})),
    "an absolute part": ("letter.docx", office("docx", {"/etc/passwd": b"x"})),
    "a part on a drive": ("letter.docx", office("docx", {"C:/autoexec.txt": b"x"})),
    "two parts of one name": ("letter.docx", office("docx", {"WORD/document.xml": b"x"})),
    "a password on Word": ("letter.docx", encrypted()),
    "half a Word file": ("letter.docx", office()[:200]),
    "two Office files in one": ("letter.docx", office("docx", {"xl/workbook.xml": b"x"})),
    "a program before Word": ("letter.docx", PROGRAM + office()),
    "a PDF that is an archive": ("letter.pdf", PDF + zipped({"a.txt": b"a"}) + b"%%EOF"),
    "a picture that is an archive": ("photo.jpg", JPEG + office()),
    "a picture that is a page": ("picture.png", PNG[:8] + chunk(b"tEXt", HTML) + PNG[8:]),
    "a picture with more behind it": ("picture.png", PNG + b"<script>"),
    "a picture with a script": ("photo.jpg", JPEG[:20] + b"<?php system() ?>" + JPEG[20:]),
    "half a picture": ("picture.png", PNG[:-4]),
    "half a PDF": ("letter.pdf", PDF[:40]),
    "a script in a PDF": ("letter.pdf", PDF.replace(b"/Type", b"/OpenAction<</S/JavaScript/JS(x)>>/Type")),
    "a hidden script in a PDF": ("letter.pdf", PDF.replace(b"/Type", b"/S/J#61vaScript/Type")),
    "a program in a PDF": ("letter.pdf", PDF.replace(b"/Type", b"/Launch/Type")),
    "a file in a PDF": ("letter.pdf", PDF.replace(b"/Type", b"/EmbeddedFiles 2 0 R/Type")),
    "a password on a PDF": ("letter.pdf", PDF.replace(b"/Root", b"/Encrypt 3 0 R/Root")),
    "no kind of file": ("letter.txt", bytes(range(256))),
    "one byte too many": ("letter.txt", b"a" * (25 * 1024 * 1024 + 1)),
}

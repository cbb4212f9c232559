"""The typeface of our PDFs, and the one way for text to get into them: what it cannot show is replaced, visibly.

Text is never markup here. It is measured, cut into lines and drawn as characters, so nothing that anybody typed can be
anything but text.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

STAND_IN = "\ufffd"  # printed for a character that the typeface does not have
MOST_STAND_INS = 8  # in a row; more are told in words
# Formatting characters have no shape, and some turn the text after them round: a reader must see that they are there.
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
BLANK_LINES = re.compile(r"\n(?: *\n){2,}")
LEFT_OUT = re.compile(f"{STAND_IN}(?:[ \n]*{STAND_IN}){{{MOST_STAND_INS},}}")


class Face:
    """One weight of the typeface, embedded in each PDF with the characters that it uses."""

    def __init__(self, weight: str) -> None:
        """Reads the font of *weight*, such as "Regular", from the package it comes in."""
        self.name = f"Roboto-{weight}"
        self.font = TTFont(self.name, str(files("font_roboto") / "files" / f"{self.name}.ttf"))
        pdfmetrics.registerFont(self.font)
        self.characters = frozenset(self.font.face.charToGlyph)
        advances = self.font.face.charWidths.items()
        self._advances: dict[str, float] = {chr(code): width / 1000 for code, width in advances if width}
        self._usual: float = self.font.face.defaultWidth / 1000

    def width(self, text: str) -> float:
        """The length of *text* in ems: times the size in points, its length in points."""
        return sum(map(self.advance, text))

    def advance(self, character: str) -> float:
        """The length of one character in ems."""
        return self._advances.get(character, self._usual)


@cache
def regular() -> Face:
    """The weight that text is set in."""
    return Face("Regular")


@cache
def bold() -> Face:
    """The weight of headings and of what matters most."""
    return Face("Bold")


class Shown:
    """Makes text fit to be drawn, and counts the characters that could not be shown."""

    def __init__(self) -> None:
        self.missing = 0

    def __call__(self, text: str) -> str:
        """*text* with a visible sign in place of each character the typeface does not have, or words for many."""
        if text.isascii() and text.isprintable():
            return text
        composed = BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", text.replace("\r\n", "\n").expandtabs(4)))
        strangers = {character for character in set(composed) if not is_known(character)}
        if not strangers:
            return composed
        self.missing += sum(map(composed.count, strangers))
        return LEFT_OUT.sub(told, composed.translate(dict.fromkeys(map(ord, strangers), STAND_IN)))


def is_known(character: str) -> bool:
    """Whether the typeface has the character, and it can be seen."""
    if unicodedata.category(character) in INVISIBLE:
        return character == "\n"
    return ord(character) in regular().characters


def told(run: re.Match[str]) -> str:
    """Words in place of a long row of signs."""
    return f"[{run[0].count(STAND_IN):,} characters that this PDF cannot show]"

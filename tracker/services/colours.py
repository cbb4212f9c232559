"""Whether a colour can be read: the contrast of the Web Content Accessibility Guidelines 2.2."""

import re

from tracker.errors import Refused

LEAST_CONTRAST = 4.5  # of text on its background, WCAG 2.2, success criterion 1.4.3
LINEAR_UP_TO = 0.04045  # sRGB, IEC 61966-2-1
WHITE = "#ffffff"
COLOUR = re.compile(r"#?([0-9a-fA-F]{6})")


def luminance(colour: str) -> float:
    """How light a colour such as "#17505e" is, from 0 for black to 1 for white.

    Source: WCAG 2.2, relative luminance.
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = WHITE) -> float:
    """The contrast of two colours, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ratio_words(colour: str) -> str:
    """The contrast of a colour with white, as it is written: "8.95:1". Never rounded up to what it does not reach."""
    return f"{int(contrast(colour) * 100 + 1e-9) / 100:.2f}:1"


def readable_colour(typed: str) -> str:
    """The colour that was typed, as "#17505e", if white can be read on it and it on white.

    Raises:
        Refused: it is no colour, or its contrast with white is under LEAST_CONTRAST.
    """
    found = COLOUR.fullmatch(typed.strip())
    if found is None:
        raise Refused("Colour must be six figures or letters from a to f, like #17505e", field="colour")
    colour = f"#{found[1].lower()}"
    if contrast(colour) < LEAST_CONTRAST:
        raise Refused(
            f"The contrast of {colour} with white is {ratio_words(colour)}. It must be {LEAST_CONTRAST}:1 or more, "
            "so that everybody can read it: choose a darker colour",
            field="colour",
        )
    return colour

"""Text as it is kept: without blanks at its ends, and none at all where nothing of it can be seen."""

import unicodedata

LONGEST_LINE = 200  # characters: names, and what else is listed; a database cannot index much more
UNSEEN_KINDS = {"Cc", "Cf", "Zl", "Zp", "Zs"}
UNSEEN_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that are drawn as a blank


def stripped(text: str) -> str:
    """*text* without blanks at its ends; empty where it holds only blanks and what no reader would see."""
    return text.strip() if any(map(is_seen, text)) else ""


def is_seen(character: str) -> bool:
    return unicodedata.category(character) not in UNSEEN_KINDS and character not in UNSEEN_LETTERS

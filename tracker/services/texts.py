"""Text that people give, as it may be kept."""

from tracker.errors import Refused
from tracker.procedures.file_values import normal_answer
from tracker.procedures.visible_text import LONGEST_LINE


def words(field: str, text: str, *, required: str = "") -> str:
    """Text as it may be kept. Raises Refused where it cannot be, or is missing."""
    try:
        kept = normal_answer(None, text)
    except ValueError as wrong:
        raise Refused(f"This {wrong}", field=field) from None
    if required and not kept:
        raise Refused(required, field=field)
    return kept


def line(field: str, text: str, *, required: str = "") -> str:
    """A line of text as it may be kept. Raises Refused where it is longer than a line, or missing."""
    kept = " ".join(words(field, text, required=required).split())
    if len(kept) > LONGEST_LINE:
        raise Refused(f"This must be {LONGEST_LINE} characters or fewer", field=field)
    return kept


def link_of(field: str, text: str) -> str:
    """A link as it may be kept, empty where there is none. Raises Refused where no browser would open it as one."""
    kept = words(field, text)
    if kept and not kept.lower().startswith(("https://", "http://")):
        raise Refused("The link must begin with https:// or http://", field=field)
    return kept

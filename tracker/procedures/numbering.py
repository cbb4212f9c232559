"""Recommendation numbers are text, in the order a reader expects: R2 before R10, 5.1 before 5.10."""

import re

PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
WIDEST = 12  # figures


def natural_order(number: str) -> str:
    """*number* as text that sorts in natural order, in any database."""
    parts = PARTS.findall(number.casefold())
    return " ".join(part.zfill(WIDEST) if part.isdecimal() else part for part in parts)

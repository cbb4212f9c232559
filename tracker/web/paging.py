"""A long list a page at a time, as the address asks: `?page=2`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """A page of a list: what is on it, its number counted from 1, and the last page's."""

    rows: Sequence[T]
    here: int
    last: int
    total: int


def paged(rows: Sequence[T], size: int) -> Paged[T]:
    """The page that was asked for; the nearest there is where there is no such page."""
    asked = request.args.get("page", "")
    last = -(-len(rows) // size) or 1
    here = min(max(int(asked), 1), last) if re.fullmatch(r"[0-9]{1,9}", asked) else 1
    return Paged(rows[(here - 1) * size : here * size], here, last, len(rows))

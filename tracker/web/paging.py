"""A long list a page at a time, as the address asks: `?page=2`."""

import re
from collections.abc import Callable, Sequence
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
    return paged_from(lambda first: rows[first : first + size], len(rows), size)


def paged_from(rows_from: Callable[[int], Sequence[T]], total: int, size: int) -> Paged[T]:
    """The same of a list that is not read whole: *rows_from* the place of a page's first row, counted from 0."""
    asked = request.args.get("page", "")
    last = -(-total // size) or 1
    here = min(max(int(asked), 1), last) if re.fullmatch(r"[0-9]{1,9}", asked) else 1
    return Paged(rows_from((here - 1) * size), here, last, total)

"""What a table of records needs besides its rows: headings that sort."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading. `href` sorts by it; `sorted` is empty, or the value of `aria-sort`."""

    words: str
    href: str = ""
    sorted: str = ""
    numeric: bool = False


def sorting_headings(columns: Sequence[tuple[str, str]], chosen: str, href_of: Callable[[str], str]) -> list[Heading]:
    """Headings for *columns*, each (words, sort key), an empty key for a column that does not sort.

    *chosen* is the sort in force: a key, or "-" and a key for descending. A link sorts by its column; the link of the
    column in force turns the order round.
    """
    key_in_force, descending = chosen.removeprefix("-"), chosen.startswith("-")
    headings = []
    for words, key in columns:
        in_force = bool(key) and key == key_in_force
        turned = f"-{key}" if in_force and not descending else key
        direction = "descending" if descending else "ascending"
        headings.append(Heading(words, href_of(turned) if key else "", direction if in_force else ""))
    return headings

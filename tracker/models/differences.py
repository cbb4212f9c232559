"""Where what is stored and what a recomputation says part ways."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored otherwise than it should be."""

    what: str
    old: object
    new: object

    def as_json(self) -> dict[str, object]:
        return {"what": self.what, "old": _plain(self.old), "new": _plain(self.new)}


def row_differences(
    identity: tuple[str, str, int], stored: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None
) -> list[Difference]:
    name = " ".join(str(part) for part in identity if part)
    if stored is None or wanted is None:
        return [Difference(name, "stored" if stored else "not stored", "stored" if wanted else "not stored")]
    return [
        Difference(f"{name} {column}", stored[column], value)
        for column, value in wanted.items()
        if stored[column] != value
    ]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value

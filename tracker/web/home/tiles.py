"""The counts at the head of the first page. Each is a link to the list of cases or actions that it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import ScalarSelect

from tracker.models.users import Role, User
from tracker.policy import roles_held
from tracker.queries.cases import MOST_COUNTED, NOBODY, CaseFilter
from tracker.queries.monitoring import number_of_actions
from tracker.queries.my_work import number_of_cases
from tracker.web.cases.addresses import list_href, parameters_of

MOST_TILES = 4


@dataclass(frozen=True, slots=True)
class Tile:
    """`words` after the number; of exactly one, `one`. `wanted`: which cases, or the kind of actions."""

    key: str
    words: str
    one: str
    wanted: CaseFilter | str

    def shown(self, number: int) -> tuple[str, str, str]:
        """The number, the words after it, and the address of the list."""
        count = f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)
        return count, self.one if number == 1 else self.words, self.href

    @property
    def href(self) -> str:
        if isinstance(self.wanted, CaseFilter):
            return list_href(parameters_of(self.wanted))
        return url_for("actions.index", kind=self.wanted)

    def count(self, viewer: User, today: date) -> ScalarSelect[int]:
        if isinstance(self.wanted, CaseFilter):
            return number_of_cases(viewer, self.wanted, today)
        return number_of_actions(viewer, self.wanted, today)


def tiles_for(role: Role, viewer: User) -> tuple[Tile, ...]:
    """What somebody in this role counts first."""
    match role:
        case Role.OFFICER:
            return (
                overdue("mine_overdue", lead=viewer.id),
                due_soon("mine_soon", lead=viewer.id),
                Tile(
                    "replies",
                    "cases waiting for replies",
                    "case waiting for replies",
                    CaseFilter(status="awaiting_replies", lead=viewer.id),
                ),
                ready("mine_ready", lead=viewer.id),
            )
        case Role.CHAIR:
            return (
                Tile(
                    "to_decide",
                    "cases waiting for your decision",
                    "case waiting for your decision",
                    CaseFilter(status="to_decide", chair=viewer.id),
                ),
                overdue("chaired_overdue", chair=viewer.id),
                due_soon("chaired_soon", chair=viewer.id),
            )
        case Role.MANAGER:
            return (
                overdue("overdue"),
                due_soon("soon"),
                Tile("late_actions", "actions late", "action late", "late"),
                Tile("unled", "cases led by nobody", "case led by nobody", CaseFilter(lead=NOBODY)),
                ready("ready"),
            )
        case Role.AUDITOR:
            return (
                Tile("open", "open cases", "open case", CaseFilter()),
                Tile("closed", "closed cases", "closed case", CaseFilter(status="closed")),
            )
    return ()


def overdue(key: str, **whose: Any) -> Tile:
    return Tile(key, "cases overdue", "case overdue", CaseFilter(status="overdue", **whose))


def due_soon(key: str, **whose: Any) -> Tile:
    words = "with something due in the next 7 days"
    return Tile(key, f"cases {words}", f"case {words}", CaseFilter(status="due_soon", **whose))


def ready(key: str, **whose: Any) -> Tile:
    return Tile(key, "cases ready to close", "case ready to close", CaseFilter(status="ready_to_close", **whose))


def all_tiles(viewer: User) -> list[Tile]:
    """Every tile of the viewer's roles, in the order of the roles."""
    held = roles_held(viewer)
    return [tile for role in Role if role in held for tile in tiles_for(role, viewer)]


def counted_by(tiles: list[Tile], viewer: User, today: date) -> dict[str, ScalarSelect[Any]]:
    """The part of the page's one statement of numbers that each tile needs."""
    return {tile.key: tile.count(viewer, today) for tile in tiles}


def shown(tiles: list[Tile], numbers: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """The first four that have something to count; where there are none, the first four."""
    some = [tile for tile in tiles if numbers[tile.key]] or tiles
    return [tile.shown(numbers[tile.key]) for tile in some[:MOST_TILES]]

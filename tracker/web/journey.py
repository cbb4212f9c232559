"""The journey of a case: a picture for wide screens and paper, and a list that says the same, from the same rows."""

from dataclasses import dataclass

from tracker.procedures.reckoning import Reckoning
from tracker.procedures.settings import Settings
from tracker.web.journey_picture import draw
from tracker.web.journey_rows import Row, Told, rows_of, told_of
from tracker.web.picture_shapes import Picture


@dataclass(frozen=True, slots=True)
class Journey:
    """`stages` are read aloud and seen on small screens; `picture` is neither."""

    rows: tuple[Row, ...]
    picture: Picture
    stages: tuple[Told, ...]


def journey(reckoning: Reckoning, settings: Settings) -> Journey:
    """The journey as it stands on the day of the reckoning, which has one event at least."""
    rows = rows_of(reckoning, settings)
    closed_on = reckoning.spans[-1].since if reckoning.is_closed else None
    return Journey(tuple(rows), draw(rows, reckoning.today, closed_on), tuple(told_of(rows, reckoning.today)))

"""Target dates as plans write them: the text is kept, and read as the days that it spans."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Target:
    """A target as written, and the days it spans. `until` is the last; a date with “by” has no `since`.

    `precision`: day, month, quarter, season, year, range, event, recurring, review_by or none. One that waits on an
    `event` ends `months` after it. `review_by`: the day to review it by, where it has no date.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    precision: str = "none"
    event: str = ""
    months: int = 0
    review_by: date | None = None

"""The only place that asks the time. Tests replace `now`, so it is always called as `clock.now()`."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The civil date in London, by which every rule counts."""
    return london(now()).date()


def start_of(on: date) -> datetime:
    """The first moment of a civil date in London."""
    return datetime.combine(on, time.min, tzinfo=LONDON)


def london(moment: datetime) -> datetime:
    """*moment* as the clocks in London show it. Raises ValueError when *moment* names no time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(LONDON)

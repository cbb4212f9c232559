"""Deadlines as iCalendar: for a calendar that fetches them, or to be added once. The only door to icalendar."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

MAKER = "-//Case review tracker//Deadlines//EN"
FETCHED_EVERY = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Entry:
    """An all-day event. `identity` stays the same however often the date moves; `revision` grows when it may have."""

    identity: str
    summary: str
    on: date
    revision: int
    changed_at: datetime
    cancelled: bool
    href: str


def feed(entries: Iterable[Entry], title: str, site: str) -> bytes:
    """A calendar to be fetched again and again; *site* is the name of the host, which makes identities unique."""
    calendar = empty()
    calendar.add("X-WR-CALNAME", title)
    calendar.add("REFRESH-INTERVAL", FETCHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT4H")
    for entry in entries:
        calendar.add_component(event(entry, site))
    return bytes(calendar.to_ical())


def single(entry: Entry, site: str) -> bytes:
    """A file that adds one event to a calendar, or brings it up to date there."""
    calendar = empty()
    calendar.add("METHOD", "PUBLISH")
    calendar.add_component(event(entry, site))
    return bytes(calendar.to_ical())


def empty() -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", MAKER)
    calendar.add("VERSION", "2.0")
    return calendar


def event(entry: Entry, site: str) -> Event:
    """No names: the summary, the day and a link that asks to sign in."""
    made = Event()
    made.add("UID", f"{hashlib.sha256(entry.identity.encode()).hexdigest()[:32]}@{site}")
    made.add("SEQUENCE", entry.revision)
    made.add("DTSTAMP", entry.changed_at)
    made.add("SUMMARY", entry.summary)
    made.add("DTSTART", entry.on)
    made.add("DTEND", entry.on + timedelta(days=1))
    made.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
    made.add("CLASS", "CONFIDENTIAL")
    made.add("TRANSP", "TRANSPARENT")
    made.add("URL", entry.href)
    return made

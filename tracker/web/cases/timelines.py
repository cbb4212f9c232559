"""The timeline of a case: today's, or that of a past day; of every kind of event, or of one."""

from datetime import date
from functools import cached_property
from typing import Any

from flask import request, url_for

from tracker import clock
from tracker.web.cases.events import KINDS, ShownEvent, kinds, shown_events
from tracker.web.cases.forms import KnownOnForm
from tracker.web.cases.opened import EVENTS_A_PAGE, OpenedCase
from tracker.web.cases.past_day import PastDay, past_day
from tracker.web.paging import paged


class Timeline:
    """What the address of the page asks for. `then`: the past day, if one is asked for."""

    def __init__(self, opened: OpenedCase, form: KnownOnForm) -> None:
        self.opened = opened
        self.asked: date | None = None if form.problems() else form.known_on.data
        is_past = self.asked is not None and self.asked < clock.today()
        self.then: PastDay | None = past_day(opened, self.asked) if self.asked and is_past else None
        self.known = list(self.then.events if self.then else opened.events)
        self.reckoning = (self.then.reckoning if self.then else None) or opened.reckoning
        self.kinds = kinds(self.known, self.reckoning)
        kind = request.args.get("kind", "")
        self.kind = kind if kind in dict(KINDS) else ""
        chosen = [event for event in self.known if self.kind in ("", *self.kinds[event.number])]
        latest_first = sorted(chosen, key=lambda event: (event.happened_on, event.number), reverse=True)
        self.page = paged(latest_first, EVENTS_A_PAGE)

    @cached_property
    def events(self) -> list[ShownEvent]:
        """Those of the kind on this page, the latest first."""
        numbers = [event.number for event in self.page.rows]
        found = shown_events(self.opened.case, self.reckoning, self.known, only=set(numbers))
        return sorted(found, key=lambda event: numbers.index(event.number))

    @property
    def filters(self) -> list[tuple[str, str, bool]]:
        """Words, address, whether it is this page: of every kind that there is."""
        there = [(key, words) for key, words in KINDS if any(key in found for found in self.kinds.values())]
        chosen = [(key, words) for key, words in KINDS if key == self.kind and (key, words) not in there]
        return [(words, self.href(key), key == self.kind) for key, words in (("", "Everything"), *there, *chosen)]

    def page_href(self, page: int) -> str:
        return self.href(self.kind, page=page)

    def href(self, kind: str, **more: Any) -> str:
        asked: dict[str, Any] = {"known_on": self.asked.isoformat()} if self.asked else {}
        asked |= {"kind": kind} if kind else {}
        asked |= more
        return url_for("cases.timeline", reference=self.opened.reference, **asked)

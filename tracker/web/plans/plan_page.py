"""What the page of a plan says: how its actions stand today, how it was worked off, and a page of its lines."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import request

from tracker import clock
from tracker.models.cases import Case
from tracker.models.partnerships import Partnership
from tracker.models.plans import Finding, Plan
from tracker.policy import Action
from tracker.procedures.plan_status import STATUS_WORDS, Rated
from tracker.queries.plan_pages import Part, PlanLine, findings_of, parts_of, plan_lines
from tracker.web.access import may
from tracker.web.paging import Paged, paged
from tracker.web.plans.burn_up_chart import BurnUpChart
from tracker.web.plans.opened import address_of

RATING = {"red": ("late", "Red"), "amber": ("soon", "Amber"), "green": ("ontime", "Green"), "blue": ("met", "Complete")}
PAGE = 50  # actions, and recommendations without any


@dataclass(frozen=True)
class PlanPage:
    """`plan`: none where the case has none yet. Each part is read when it is asked for."""

    plan: Plan | None
    today: date
    keeps: bool
    exports: bool
    rating = RATING
    words = STATUS_WORDS

    @cached_property
    def lines(self) -> Sequence[PlanLine]:
        return plan_lines(self.plan) if self.plan else []

    @cached_property
    def due_soon(self) -> int:
        return self.plan.partnership.due_soon(self.today) if self.plan else 0

    @cached_property
    def rated(self) -> Mapping[int, Rated]:
        """How each action does, by its number."""
        return {line.action_id: line.rated(self.today, self.due_soon) for line in self.lines if line.action_id}

    @property
    def total(self) -> int:
        return len(self.rated)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many actions there are of each rating."""
        counts: Counter[str | None] = Counter(each.rating for each in self.rated.values())
        return {key: counts[key] for key in RATING}

    @cached_property
    def chart(self) -> BurnUpChart:
        return BurnUpChart.of([line.course for line in self.lines if line.action_id], self.today)

    @cached_property
    def paged(self) -> Paged[PlanLine]:
        return paged(self.lines, PAGE)

    @property
    def parts(self) -> Sequence[Part]:
        first = (self.paged.here - 1) * PAGE
        return parts_of(self.paged.rows, self.lines[first - 1] if first else None) if self.paged.rows else []

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """What was found, which stands above the first page of lines."""
        return findings_of(self.plan) if self.plan and self.paged.here == 1 else []

    def led_to(self, finding: Finding) -> Sequence[tuple[str, str]]:
        """The recommendations that come from a finding: their numbers and where they stand."""
        places = self.places[finding.id]
        return [(number, f"{self.href(page)}#r{key}") for key, (number, page) in places.items()]

    @cached_property
    def places(self) -> Mapping[int | None, Mapping[int, tuple[str, int]]]:
        """By finding, the number of each recommendation and the page that its first line is on."""
        found: dict[int | None, dict[int, tuple[str, int]]] = defaultdict(dict)
        for place, line in enumerate(self.lines):
            found[line.finding_id].setdefault(line.recommendation_id, (line.number, place // PAGE + 1))
        return found

    def href(self, number: int) -> str:
        """The address of another page of lines."""
        return self.address if number == 1 else f"{self.address}?page={number}"

    @cached_property
    def address(self) -> str:
        return address_of(self.plan) if self.plan else request.path


def page_of(plan: Plan | None, of: Case | Partnership) -> PlanPage:
    """The page of a plan that was found for the viewer, of a case or of a partnership."""
    case, within = (of, of.partnership_id) if isinstance(of, Case) else (None, of.id)
    keeps, exports = (may(action, case, within=within) for action in (Action.KEEP_PLAN, Action.EXPORT_HISTORY))
    return PlanPage(plan, clock.today(), keeps, exports)

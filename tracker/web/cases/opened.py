"""A case as its pages show it: found, reckoned, and with what stands at the head of each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker import clock
from tracker.models.cases import Case, Event
from tracker.models.facts import reckoned, settings_of
from tracker.models.users import User
from tracker.policy import Action, may, roles_of
from tracker.procedures.reckoning import OPEN, Deadline, Reckoning
from tracker.procedures.settings import Settings
from tracker.procedures.vocabulary import Step, uncapitalised
from tracker.queries.partnerships import duty_in_force
from tracker.web.access import signed_in
from tracker.web.case_words import act_and_section, holder_words, lasting, listed, reason_words, title_of
from tracker.web.filters import day, status_of
from tracker.web.finding import case_or_404

EVENTS_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case on the day it is looked at. `is_planned`: no duty applies here, it was logged for planning.

    `steps_now`: what the viewer may record today, by key.
    """

    case: Case
    viewer: User
    reckoning: Reckoning
    settings: Settings
    steps_now: Mapping[str, Step]
    is_planned: bool

    @property
    def reference(self) -> str:
        return self.case.reference

    @property
    def today(self) -> date:
        return self.reckoning.today

    @property
    def tags(self) -> list[str]:
        held = (
            ("Restricted", self.case.restricted),
            ("Joint review", bool(self.case.contributing)),
            ("Planning only", self.is_planned),
        )
        return [words for words, holds in held if holds]

    # -- The four answers -----------------------------------------------------------------------------------------

    @property
    def where(self) -> tuple[str, str]:
        """The stage, and since when."""
        stage = self.reckoning.procedure.stage(self.reckoning.stage).label
        since = self.reckoning.spans[-1].since
        long = "" if self.reckoning.is_closed else f", {lasting((self.today - since).days)}"
        return stage, f"since {day(since)}{long}"

    @property
    def next_due(self) -> tuple[str, str, str]:
        """Status kind and words, and what it is about."""
        upcoming = self.reckoning.next_deadline or next(iter(self.reckoning.open_deadlines), None)
        if upcoming is None:
            if self.reckoning.is_closed:
                return "none", "Nothing is due", "The case is closed"
            return "none", "Ready to close" if self.reckoning.ready_to_close else "Nothing is due", "Nothing is open"
        kind, words = standing(upcoming, self.today)
        about = title_of(upcoming)
        return kind, words, f"{about}, due {day(upcoming.due)}" if upcoming.due else f"{about}, {upcoming.period}"

    @property
    def held_by(self) -> tuple[str, str]:
        """Who must act now: on hold its holder, else whom the next deadline waits for, else whose stage it is."""
        reckoning = self.reckoning
        upcoming = reckoning.next_deadline
        if reckoning.is_closed:
            return "Nobody", "The case is closed"
        if upcoming and upcoming.subject and not reckoning.on_hold:
            return upcoming.subject, f"for {lasting((self.today - upcoming.started_on).days)}, {starting(upcoming)}"
        since = reckoning.holder_since or self.today
        held = f"for {lasting((self.today - since).days)}, since {day(since)}" if since < self.today else "since today"
        named = self.holder(reckoning.held_by)
        if reckoning.on_hold:
            reasons = [reason_words(hold.reason) for hold in reckoning.holds if hold.until is None and hold.reason]
            held = f"on hold {held}: {listed(reasons) or 'no reason given'}"
        return holder_words(reckoning.held_by), f"{named}, {held}" if named else held

    def holder(self, role: str) -> str:
        """The name of whoever holds cases of this role here, where the case has somebody."""
        named = {"officer": self.case.lead, "panel chair": self.case.chair, "chair": self.case.chair}.get(role)
        return named.name if named else ""

    @property
    def under(self) -> tuple[str, str]:
        """The law."""
        law = self.reckoning.procedure.law
        return act_and_section(law), "No duty is in force in this area" if self.is_planned else law.title

    # -- The sections ---------------------------------------------------------------------------------------------

    def sections(self, here: str) -> list[tuple[str, str, bool]]:
        """Words, address, whether it is this page: of the sections that this kind of case has."""
        procedure = self.reckoning.procedure
        offered = (
            ("Overview", "cases.show", True),
            ("Timeline", "cases.timeline", True),
            ("Deadlines", "cases.deadlines", True),
            ("Threshold", "cases.threshold", procedure.takes_complaints),
            ("People", "cases.people", True),
            ("Decisions", "cases.decisions", True),
            ("QA", "cases.assurance", procedure.assurance is not None),
            ("Publication", "cases.publication", procedure.publication is not None),
            ("Action plan", "plans.of_case", True),
            ("Requests", "requests.of_case", True),
            ("Files", "attachments.of_case", True),
            ("History", "cases.history", True),
        )
        return [(words, url_for(page, reference=self.reference), page == here) for words, page, has in offered if has]

    # -- Its events -----------------------------------------------------------------------------------------------

    @property
    def events(self) -> list[Event]:
        """What has happened by now, in the order of recording."""
        return [event for event in self.case.events if event.happened_on <= self.today]

    def event_href(self, number: int) -> str:
        """Where an event is: on this page, or in a long case on its page of the history."""
        place = next((place for place, event in enumerate(self.events) if event.number == number), 0)
        if len(self.events) <= EVENTS_A_PAGE:
            return f"#event-{number}"
        page = place // EVENTS_A_PAGE + 1
        return url_for("cases.history", reference=self.reference, page=page, _anchor=f"event-{number}")

    def correct_href(self, number: int) -> str:
        return url_for("steps.correct", reference=self.reference, number=number)

    # -- What meets its deadlines ---------------------------------------------------------------------------------

    def meets(self, deadline: Deadline) -> list[str]:
        """The keys of the steps that meet a deadline, the usual one first."""
        rule = self.reckoning.procedure.deadline(deadline.key)
        triggers = self.settings.rule_on(rule, deadline.started_on).met_by if rule else ()
        return list(dict.fromkeys(trigger.step for trigger in triggers))


def opened_case(reference: str) -> OpenedCase:
    """The case of that reference for whoever asks. Raises NotFound where they may not see it."""
    case, today = case_or_404(reference), clock.today()
    settings = settings_of(case.partnership_id, case.procedure)
    reckoning = reckoned(case, today, settings=settings)
    by_area = case.procedure.commences_by_area
    return OpenedCase(
        case=case,
        viewer=signed_in(),
        reckoning=reckoning,
        settings=settings,
        steps_now={step.key: step for step in steps_now(signed_in(), case, reckoning)},
        is_planned=by_area and not duty_in_force(case.partnership_id, case.case_type, today),
    )


def steps_now(viewer: User, case: Case, reckoning: Reckoning) -> Iterator[Step]:
    """The steps that may be recorded today, by this person."""
    roles = roles_of(viewer, case.partnership_id) if may(viewer, Action.RECORD_STEP, case) else frozenset()
    for key in reckoning.open_steps:
        step = reckoning.procedure.step(key)
        if step and roles & set(step.by):
            yield step


def standing(deadline: Deadline, today: date) -> tuple[str, str]:
    """Status kind and words of a deadline of a case; one that a hold excuses is not overdue."""
    if deadline.status == OPEN and deadline.due and deadline.due < today:
        return "hold", "Not overdue on hold"
    return status_of(deadline, today)


def starting(deadline: Deadline) -> str:
    return f"since “{uncapitalised(deadline.started_by)}”"

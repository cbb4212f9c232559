"""The pages of one case. Each says the four answers first: where, next due, held by, under which law."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.history_words import death_in_words
from tracker.queries.partnerships import agency_names
from tracker.queries.timelines import audit_entries
from tracker.web.access import requires
from tracker.web.cases import pages
from tracker.web.cases.assured import rounds
from tracker.web.cases.criteria import criteria
from tracker.web.cases.decided import cards, to_decide
from tracker.web.cases.events import corrections, shown_events
from tracker.web.cases.forms import KnownOnForm
from tracker.web.cases.headline import headline
from tracker.web.cases.opened import EVENTS_A_PAGE, opened_case
from tracker.web.cases.people import people as people_pairs
from tracker.web.cases.published import Published
from tracker.web.cases.recordable import decisions as decision_links
from tracker.web.cases.recordable import recordable
from tracker.web.cases.responses import finding, grids
from tracker.web.cases.tested import Tested
from tracker.web.cases.timelines import Timeline
from tracker.web.cases.workings import not_started, past_deadlines, worked
from tracker.web.journey import journey
from tracker.web.paging import paged

FEW = 5
NEXT = 3
ACTIONS = {
    "log_referral": "Logged the referral",
    "log_draft": "Logged the referral",
    "record_step": "Recorded a step",
    "correct_event": "Corrected an event",
    "load_cases": "Brought in from a case file",
    "export_history": "Exported the history",
    "restrict_case": "Restricted it to named people",
    "lift_restriction": "Lifted the restriction",
    "name_person": "Named a person on it",
    "remove_person": "Removed a person from it",
    "declare_conflict": "Declared a conflict of interest",
    "withdraw_conflict": "Withdrew a conflict of interest",
    "reassign_case": "Reassigned it",
}


@pages.route("/<reference>")
@requires(Action.READ_CASE)
def show(reference: str) -> ResponseReturnValue:
    """Where the case is, what comes next, who must do it."""
    opened = opened_case(reference)
    reckoning = opened.reckoning
    upcoming = [deadline for deadline in reckoning.open_deadlines if not deadline.window]
    windows = [deadline for deadline in reckoning.open_deadlines if deadline.window]
    return render_template(
        "cases/show.html",
        opened=opened,
        headline=headline(reckoning),
        journey=journey(reckoning, opened.settings),
        next_deadlines=[worked(deadline, opened) for deadline in (upcoming + windows)[:NEXT]],
        last_events=shown_events(opened.case, reckoning, only={event.number for event in opened.events[-FEW:]})[::-1],
        recordable=recordable(opened),
        people=people_pairs(opened),
    )


@pages.route("/<reference>/timeline")
@requires(Action.READ_CASE)
def timeline(reference: str) -> ResponseReturnValue:
    """What happened, latest first; or what was known of it on a past day."""
    opened = opened_case(reference)
    form = KnownOnForm.from_address()
    return render_template("cases/timeline.html", opened=opened, form=form, timeline=Timeline(opened, form))


@pages.route("/<reference>/deadlines")
@requires(Action.READ_CASE)
def deadlines(reference: str) -> ResponseReturnValue:
    """What is due, under which rule, and how each date was worked out."""
    opened = opened_case(reference)
    return render_template(
        "cases/deadlines.html",
        opened=opened,
        open_ones=[worked(deadline, opened) for deadline in opened.reckoning.open_deadlines],
        to_come=not_started(opened),
        past=past_deadlines(opened),
    )


@pages.route("/<reference>/people")
@requires(Action.READ_CASE)
def people(reference: str) -> ResponseReturnValue:
    """Who runs the case, whom it concerns, and who must still answer."""
    opened = opened_case(reference)
    found = grids(opened, agency_names(opened.case.partnership_id))
    deaths = [death_in_words(death) for death in opened.case.deaths]
    return render_template("cases/people.html", opened=opened, finding=finding(found), grids=found, deaths=deaths)


@pages.route("/<reference>/decisions")
@requires(Action.READ_CASE)
def decisions(reference: str) -> ResponseReturnValue:
    """What was decided, on what basis, and at which meetings."""
    opened = opened_case(reference)
    return render_template(
        "cases/decisions.html",
        opened=opened,
        criteria=criteria(opened),
        cards=cards(opened),
        to_decide=to_decide(opened),
    )


@pages.route("/<reference>/qa")
@requires(Action.READ_CASE)
def assurance(reference: str) -> ResponseReturnValue:
    """Each round of quality assurance, and what became of each point."""
    opened = opened_case(reference)
    rules = opened.reckoning.procedure.assurance
    if rules is None:
        raise NotFound
    found = rounds(opened.reckoning, rules)
    return render_template("cases/assurance.html", opened=opened, rules=rules, rounds=found)


@pages.route("/<reference>/publication")
@requires(Action.READ_CASE)
def publication(reference: str) -> ResponseReturnValue:
    """What is published, where, until when; and what is still to do for it."""
    opened = opened_case(reference)
    rules = opened.reckoning.procedure.publication
    if rules is None:
        raise NotFound
    return render_template("cases/publication.html", opened=opened, published=Published(opened, rules))


@pages.route("/<reference>/threshold")
@requires(Action.READ_CASE)
def threshold(reference: str) -> ResponseReturnValue:
    """Both tests of an application, and why each complaint counts."""
    opened = opened_case(reference)
    threshold = opened.reckoning.threshold
    if threshold is None:
        raise NotFound
    tested = Tested(opened.case.complaints, threshold)
    return render_template("cases/threshold.html", opened=opened, tested=tested, decisions=decision_links(opened))


@pages.route("/<reference>/history")
@requires(Action.READ_CASE)
def history(reference: str) -> ResponseReturnValue:
    """Everything in the order in which it was recorded, and who did what."""
    opened = opened_case(reference)
    page, entries = paged(opened.events, EVENTS_A_PAGE), audit_entries(opened.case)
    return render_template(
        "cases/history.html",
        opened=opened,
        page=page,
        page_href=lambda number: url_for("cases.history", reference=reference, page=number),
        events=shown_events(opened.case, opened.reckoning, only={event.number for event in page.rows}),
        mistakes=len(corrections(opened.events, opened.reckoning)),
        entries=[(entry, action_words(entry.action)) for entry in entries[-EVENTS_A_PAGE:]],
        more_entries=max(0, len(entries) - EVENTS_A_PAGE),
        now=clock.now(),
    )


def action_words(action: str) -> str:
    """What somebody did, in words."""
    return ACTIONS.get(action) or action.replace("_", " ").capitalize()

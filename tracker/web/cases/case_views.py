"""The pages of one case. Each says the four answers first: where, next due, held by, under which law."""

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.timelines import audit_entries
from tracker.web.access import requires
from tracker.web.cases import pages
from tracker.web.cases.events import shown_events
from tracker.web.cases.forms import KnownOnForm
from tracker.web.cases.headline import headline
from tracker.web.cases.opened import opened_case
from tracker.web.cases.people import people
from tracker.web.cases.recordable import decisions, recordable
from tracker.web.cases.tested import Tested
from tracker.web.cases.timelines import Timeline
from tracker.web.cases.workings import not_started, past_deadlines, worked
from tracker.web.journey import journey

FEW = 5
NEXT = 3
ACTIONS = {
    "log_referral": "Logged the referral",
    "log_draft": "Logged the referral",
    "record_step": "Recorded a step",
    "correct_event": "Corrected an event",
    "load_cases": "Brought in from a case file",
    "export_history": "Exported the history",
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
        last_events=shown_events(opened.case, reckoning)[: -FEW - 1 : -1],
        recordable=recordable(opened),
        people=people(opened),
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


@pages.route("/<reference>/threshold")
@requires(Action.READ_CASE)
def threshold(reference: str) -> ResponseReturnValue:
    """Both tests of an application, and why each complaint counts."""
    opened = opened_case(reference)
    threshold = opened.reckoning.threshold
    if threshold is None:
        raise NotFound
    tested = Tested(opened.case.complaints, threshold)
    return render_template("cases/threshold.html", opened=opened, tested=tested, decisions=decisions(opened))


@pages.route("/<reference>/history")
@requires(Action.READ_CASE)
def history(reference: str) -> ResponseReturnValue:
    """Everything in the order in which it was recorded, and who did what."""
    opened = opened_case(reference)
    return render_template(
        "cases/history.html",
        opened=opened,
        events=shown_events(opened.case, opened.reckoning),
        entries=[(entry, action_words(entry.action)) for entry in audit_entries(opened.case)],
        now=clock.now(),
    )


def action_words(action: str) -> str:
    """What somebody did, in words."""
    return ACTIONS.get(action) or action.replace("_", " ").capitalize()

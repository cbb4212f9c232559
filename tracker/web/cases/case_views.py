"""The pages of one case. Each says the four answers first: where, next due, held by, under which law."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.timelines import audit_entries
from tracker.web.access import requires
from tracker.web.cases import pages
from tracker.web.cases.events import KINDS, shown_events
from tracker.web.cases.forms import KnownOnForm
from tracker.web.cases.headline import headline
from tracker.web.cases.opened import opened_case
from tracker.web.cases.past_day import past_day
from tracker.web.cases.people import people
from tracker.web.cases.recordable import decisions, recordable
from tracker.web.cases.tested import Tested
from tracker.web.cases.workings import not_started, past_deadlines, worked
from tracker.web.journey import journey

FEW = 5
NEXT = 3
ACTIONS = {
    "log_referral": "Logged the referral",
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
    asked = None if form.problems() else form.known_on.data
    then = past_day(opened, asked) if asked and asked < clock.today() else None
    events = then.events if then else shown_events(opened.case, opened.reckoning)
    kind = request.args.get("kind", "")
    kind = kind if kind in dict(KINDS) else ""
    shown = sorted(
        (event for event in events if kind in ("", *event.kinds)),
        key=lambda event: (event.event.happened_on, event.number),
        reverse=True,
    )
    day = {"known_on": asked.isoformat()} if asked else {}
    kinds = [("Everything", "")] + [(words, key) for key, words in KINDS]
    filters = [
        (words, url_for("cases.timeline", reference=opened.reference, **day, **({"kind": key} if key else {})), key == kind)
        for words, key in kinds
        if key in ("", kind) or any(key in event.kinds for event in events)
    ]
    return render_template(
        "cases/timeline.html", opened=opened, form=form, events=shown, then=then, filters=filters, kind=kind
    )


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
    if opened.reckoning.threshold is None:
        raise NotFound
    return render_template(
        "cases/threshold.html", opened=opened, tested=Tested(opened), decisions=decisions(opened)
    )


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

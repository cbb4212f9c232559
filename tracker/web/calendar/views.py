"""Deadlines for calendars: each person's own feed, and one deadline as a file to add."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.emails import PARTNERSHIP_PLAN
from tracker.errors import NotFound
from tracker.exports.calendar import Entry, feed, single
from tracker.policy import Action, may
from tracker.procedures.reckoning import OPEN
from tracker.queries.calendar_feeds import (
    CalendarDeadline,
    calendar_action,
    calendar_deadline,
    calendar_deadlines,
    feed_owner,
)
from tracker.web.access import public, requires, signed_in
from tracker.web.due import working_href

pages = Blueprint("calendar", __name__)

TITLE = "Case review deadlines"


@pages.route("/calendar/<token>.ics")
@public
def own(token: str) -> ResponseReturnValue:
    """The deadlines of whoever has this token, as they may see them now. Any other token finds nothing."""
    owner = feed_owner(token)
    if owner is None:
        raise NotFound
    reads = may(owner, Action.READ_CASE)
    entries = [entry_of(found, opens_place=reads) for found in calendar_deadlines(owner, clock.today())]
    response = calendar_response(feed(entries, TITLE, host()))
    response.add_etag()
    return response.make_conditional(request)


@pages.route("/cases/<reference>/deadlines/<key>-<int(max=9999):position>.ics")
@requires(Action.READ_CASE)
def deadline(reference: str, key: str, position: int) -> ResponseReturnValue:
    """One deadline as a file that a calendar takes in."""
    return added_once(calendar_deadline(signed_in(), reference, key.replace("-", "_"), position), reference)


@pages.route("/plans/actions/<int(max=2147483647):number>/deadlines/<key>.ics")
@requires(Action.READ_CASE)
def action(number: int, key: str) -> ResponseReturnValue:
    """A deadline of an action in the same way."""
    return added_once(calendar_action(signed_in(), number, key.replace("-", "_")), f"action-{number}")


def added_once(found: CalendarDeadline | None, of: str) -> Response:
    """One deadline as a file, named after what it is *of*."""
    if found is None:
        raise NotFound
    response = calendar_response(single(entry_of(found, opens_place=True), host()))
    name = f"{of}-{found.deadline.key.replace('_', '-')}.ics"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def entry_of(found: CalendarDeadline, *, opens_place: bool) -> Entry:
    """The reference and its own name: whoever it concerns is told on the page, after signing in.

    *opens_place*: the link leads to the case or the action; else, for who may not open it, to their own work.
    """
    deadline, case = found.deadline, found.deadline.case
    page = working_href(deadline) if opens_place else "/"
    rule_of_case = f"{deadline.case_id}|{deadline.key}|{deadline.subject}|{deadline.occurrence}"
    return Entry(
        identity=rule_of_case if deadline.action_id is None else f"action|{deadline.action_id}|{deadline.key}",
        summary=f"{case.reference if case else PARTNERSHIP_PLAN}: {deadline.label}",
        on=deadline.due_on or deadline.started_on,
        revision=found.revision,
        changed_at=found.changed_at,
        cancelled=deadline.state != OPEN,
        href=f"{current_app.config['SITE_URL']}{page}",
    )


def calendar_response(content: bytes) -> Response:
    return Response(content, mimetype="text/calendar")


def host() -> str:
    return urlsplit(str(current_app.config["SITE_URL"])).hostname or "localhost"

"""Deadlines for calendars: each person's own feed, and one deadline as a file to add."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.exports.calendar import Entry, feed, single
from tracker.policy import Action, may
from tracker.procedures.reckoning import OPEN
from tracker.queries.calendar_feeds import CalendarDeadline, calendar_deadline, calendar_deadlines, feed_owner
from tracker.web.access import public, requires, signed_in
from tracker.web.due import rule_label, working_href

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
    entries = [entry_of(found, opens_case=reads) for found in calendar_deadlines(owner, clock.today())]
    response = calendar_response(feed(entries, TITLE, host()))
    response.add_etag()
    return response.make_conditional(request)


@pages.route("/cases/<reference>/deadlines/<key>-<int(max=9999):position>.ics")
@requires(Action.READ_CASE)
def deadline(reference: str, key: str, position: int) -> ResponseReturnValue:
    """One deadline as a file that a calendar takes in."""
    found = calendar_deadline(signed_in(), reference, key.replace("-", "_"), position)
    if found is None:
        raise NotFound
    response = calendar_response(single(entry_of(found, opens_case=True), host()))
    response.headers["Content-Disposition"] = f'attachment; filename="{found.deadline.case.reference}-{key}.ics"'
    return response


def entry_of(found: CalendarDeadline, *, opens_case: bool) -> Entry:
    """The reference and the rule's own name: whoever it concerns is told on the page, after signing in.

    *opens_case*: the link leads to the case; else, for somebody who may not open it, to their own work.
    """
    deadline, case = found.deadline, found.deadline.case
    page = working_href(deadline) if opens_case else "/"
    return Entry(
        identity=f"{case.id}|{deadline.key}|{deadline.subject}|{deadline.occurrence}",
        summary=f"{case.reference}: {rule_label(deadline)}",
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

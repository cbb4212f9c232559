"""Actions across every plan: what is late, what is stuck, what nobody has shown, and what slipped."""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.policy import Action
from tracker.procedures.periods import months_after
from tracker.queries.monitoring import (
    KINDS,
    ActionFilter,
    actions_of,
    by_agency,
    by_theme,
    counts_of,
    national_unanswered,
    returns_of_themes,
    slipped_since,
)
from tracker.web.access import requires, signed_in
from tracker.web.fields import without_unfit
from tracker.web.tables import Heading

pages = Blueprint("actions", __name__, url_prefix="/actions")

LONGEST_PAGE = 6  # figures
KIND_WORDS = {
    "live": "Not yet verified",
    "late": "Late",
    "blocked": "Blocked",
    "without_evidence": "Without evidence",
    "to_verify": "To be verified",
}


@pages.route("")
@requires(Action.READ_CASE)
def index() -> ResponseReturnValue:
    """A page of the actions that match the address, with how many there are of each kind."""
    viewer, today, wanted = signed_in(), clock.today(), wanted_actions()
    return render_template(
        "actions/index.html",
        found=actions_of(viewer, wanted, today),
        counts=counts_of(viewer, today),
        wanted=wanted,
        kinds=KIND_WORDS,
        href=lambda **changes: url_for(".index", **(address_of(wanted) | changes)),
        page_href=lambda number: url_for(".index", page=number, **address_of(wanted)),
        today=today,
    )


@pages.route("/scorecard")
@requires(Action.READ_CASE)
def scorecard() -> ResponseReturnValue:
    """How each agency and each theme stands, on one page for the board."""
    viewer, today = signed_in(), clock.today()
    return render_template(
        "actions/scorecard.html",
        counts=counts_of(viewer, today),
        agencies=by_agency(viewer, today),
        numeric=lambda words: Heading(words, numeric=True),
        themes=by_theme(viewer, today),
        returns=returns_of_themes(viewer),
        today=today,
    )


@pages.route("/slipped")
@requires(Action.READ_CASE)
def slipped() -> ResponseReturnValue:
    """The targets that were moved since the first day of last month."""
    since = first_of_last_month(clock.today())
    return render_template("actions/slipped.html", moved=slipped_since(signed_in(), since), since=since)


@pages.route("/national")
@requires(Action.READ_CASE)
def national() -> ResponseReturnValue:
    """The national recommendations that wait for an answer."""
    today = clock.today()
    return render_template("actions/national.html", waiting=national_unanswered(signed_in()), today=today)


def wanted_actions() -> ActionFilter:
    """What the address asks for; what it cannot ask for is left out."""
    kind, page = request.args.get("kind", ""), request.args.get("page", "")
    return ActionFilter(
        kind=kind if kind in KINDS else "live",
        agency=without_unfit(request.args.get("agency", ""))[:200],
        theme=without_unfit(request.args.get("theme", ""))[:200],
        page=int(page) if page.isascii() and page.isdecimal() and len(page) <= LONGEST_PAGE else 1,
    )


def address_of(wanted: ActionFilter) -> dict[str, Any]:
    """The address of a list, less its page."""
    parts = {"kind": wanted.kind, "agency": wanted.agency, "theme": wanted.theme}
    return {name: value for name, value in parts.items() if value}


def first_of_last_month(today: date) -> date:
    return months_after(today.replace(day=1), -1)

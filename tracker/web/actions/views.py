"""Actions across every plan: what is late, what is stuck, what nobody has shown, and what slipped."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.policy import Action
from tracker.queries.monitoring import actions_of, counts_of, national_unanswered, slipped_since
from tracker.queries.scorecards import scorecard_of
from tracker.web.access import requires, signed_in
from tracker.web.actions import files, pages
from tracker.web.actions.asked import address_of, first_of_last_month, wanted_actions
from tracker.web.tables import Heading

__all__ = ["files", "pages"]

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
    counts = counts_of(viewer, today)
    return render_template(
        "actions/index.html",
        found=actions_of(viewer, wanted, today, counts),
        counts=counts,
        wanted=wanted,
        kinds=KIND_WORDS,
        href=lambda **changes: url_for(".index", **(address_of(wanted) | changes)),
        csv_href=url_for(".table_csv", table="list", **address_of(wanted)),
        page_href=lambda number: url_for(".index", page=number, **address_of(wanted)),
        today=today,
    )


@pages.route("/scorecard")
@requires(Action.READ_CASE)
def scorecard() -> ResponseReturnValue:
    """How each agency and each theme stands, on one page for the board."""
    return render_template(
        "actions/scorecard.html",
        scorecard=scorecard_of(signed_in(), clock.today()),
        numeric=lambda words: Heading(words, numeric=True),
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

"""The lists and the scorecard of the monitoring pages as files. Lists are recorded before they are given out."""

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused
from tracker.policy import Action
from tracker.queries.monitoring import listed_actions, national_unanswered, slipped_since
from tracker.queries.scorecards import scorecard_of
from tracker.services.exports import MOST_LISTED, export_actions
from tracker.web.access import requires, signed_in
from tracker.web.actions import pages, tables
from tracker.web.actions.asked import address_of, first_of_last_month, wanted_actions
from tracker.web.frame import SERVICE
from tracker.web.monitoring_files import csv_file, download

TITLES = {"list": "Actions", "slipped": "What slipped", "national": "National recommendations waiting for an answer"}


@pages.route("/<table>.csv", methods=["POST"])
@requires(Action.EXPORT_HISTORY)
def table_csv(table: str) -> ResponseReturnValue:
    """What a list shows that the address asks for, every page of it. *table*: one of TITLES."""
    if table not in TITLES:
        abort(404)
    wanted = wanted_actions()
    try:
        columns, rows = columns_and_rows(table)
        filters = {name: str(value) for name, value in address_of(wanted).items()} if table == "list" else {}
        export_actions(table, by=signed_in(), filters=filters, rows=len(rows))
    except Refused as refusal:
        flash(refusal.message)
        return redirect(url_for(".index", **address_of(wanted)))
    name = "actions" if table == "list" else f"actions-{table}"
    return csv_file(name, TITLES[table], columns, rows)


def columns_and_rows(table: str) -> tuple[tuple[str, ...], tables.Rows]:
    viewer, today = signed_in(), clock.today()
    match table:
        case "slipped":
            return tables.SLIPPED, tables.slipped_rows(
                slipped_since(viewer, first_of_last_month(today), MOST_LISTED + 1)
            )
        case "national":
            return tables.NATIONAL, tables.national_rows(national_unanswered(viewer, MOST_LISTED + 1), today)
    actions = listed_actions(viewer, wanted_actions(), today, MOST_LISTED + 1)
    return tables.ACTIONS, tables.action_rows(actions, today)


@pages.route("/scorecard.csv")
@requires(Action.READ_CASE)
def scorecard_csv() -> ResponseReturnValue:
    """The numbers of the scorecard."""
    rows = tables.scorecard_rows(scorecard_of(signed_in(), clock.today()))
    return csv_file("scorecard", "Scorecard of actions", tables.SCORECARD, rows)


@pages.route("/scorecard.pdf")
@requires(Action.READ_CASE)
def scorecard_sheet() -> ResponseReturnValue:
    """The scorecard as one sheet to print."""
    # ReportLab is slow to load: whoever wants no PDF does not wait for it.
    from tracker.exports.scorecard_pdf import scorecard_pdf  # noqa: PLC0415

    viewer, today = signed_in(), clock.today()
    own = viewer.partnerships
    whose = own[0].name if len(own) == 1 else SERVICE
    content: bytes = scorecard_pdf(scorecard_of(viewer, today), whose, viewer.name)
    made: Response = download(content, "scorecard", today, "pdf", "application/pdf")
    return made

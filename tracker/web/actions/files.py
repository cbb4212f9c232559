"""The lists and the scorecard of the monitoring pages as files, recorded before they are given out."""

from collections.abc import Mapping

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused
from tracker.policy import Action
from tracker.queries.monitoring import listed_actions, national_unanswered, slipped_since
from tracker.queries.partnerships import partnerships_granting
from tracker.queries.scorecards import scorecard_of
from tracker.services.exports import MOST_LISTED, export_actions
from tracker.web.access import requires, signed_in
from tracker.web.actions import pages, tables
from tracker.web.actions.asked import address_of, first_of_last_month, wanted_actions
from tracker.web.frame import SERVICE
from tracker.web.monitoring_files import csv_file, download

TITLES = {
    "list": "Actions",
    "slipped": "What slipped",
    "national": "National recommendations waiting for an answer",
    "scorecard": "Scorecard of actions",
}


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
        note_export(table, "csv", filters, len(rows))
    except Refused as refusal:
        flash(refusal.message)
        return redirect(url_for(".index", **address_of(wanted)))
    name = {"list": "actions", "scorecard": "scorecard"}.get(table, f"actions-{table}")
    return csv_file(name, TITLES[table], columns, rows)


@pages.route("/<table>.pdf", methods=["POST"])
@requires(Action.EXPORT_HISTORY)
def sheet(table: str) -> ResponseReturnValue:
    """One sheet to print: *table* is the scorecard."""
    if table != "scorecard":
        abort(404)
    # ReportLab is slow to load: whoever wants no PDF does not wait for it.
    from tracker.exports.scorecard_pdf import scorecard_pdf  # noqa: PLC0415

    viewer, today = signed_in(), clock.today()
    scorecard, own = scorecard_of(viewer, today), viewer.partnerships
    whose = own[0].name if len(own) == 1 else SERVICE
    note_export(table, "pdf", {}, len(tables.scorecard_rows(scorecard)))
    content: bytes = scorecard_pdf(scorecard, whose, viewer.name)
    made: Response = download(content, table, today, "pdf", "application/pdf")
    return made


def note_export(table: str, kind: str, filters: Mapping[str, str], rows: int) -> None:
    whose = partnerships_granting(signed_in(), Action.EXPORT_HISTORY)
    export_actions(table, by=signed_in(), partnerships=whose, format=kind, filters=filters, rows=rows)


def columns_and_rows(table: str) -> tuple[tuple[str, ...], tables.Rows]:
    viewer, today = signed_in(), clock.today()
    match table:
        case "slipped":
            return tables.SLIPPED, tables.slipped_rows(
                slipped_since(viewer, first_of_last_month(today), MOST_LISTED + 1)
            )
        case "national":
            return tables.NATIONAL, tables.national_rows(national_unanswered(viewer, MOST_LISTED + 1), today)
        case "scorecard":
            return tables.SCORECARD, tables.scorecard_rows(scorecard_of(viewer, today))
    actions = listed_actions(viewer, wanted_actions(), today, MOST_LISTED + 1)
    return tables.ACTIONS, tables.action_rows(actions, today)

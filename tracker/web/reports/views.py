"""Reports: every figure of a period, the cases behind each, and files of them."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.models.partnerships import Partnership
from tracker.policy import Action
from tracker.procedures.figures import Figures
from tracker.procedures.figures_printed import (
    as_csv,
    reconciliation,
    reconciliation_heading,
    small_numbers,
    table_as_csv,
)
from tracker.queries.figures import figured_partnerships, figures_of, visible_among
from tracker.web.access import requires, signed_in
from tracker.web.forms import Choice
from tracker.web.reports import lines
from tracker.web.reports.forms import PeriodForm

pages = Blueprint("reports", __name__, url_prefix="/reports")

APRIL = 4
PILOT_YEAR = (date(2024, 4, 1), date(2025, 3, 31))


@dataclass(frozen=True)
class Report:
    """What was asked for. `as_at` is today where no day was given."""

    partnership: Partnership
    since: date
    until: date
    as_at: date
    asked_as_at: date | None

    @cached_property
    def figures(self) -> Figures:
        return figures_of(self.partnership, self.since, self.until, self.as_at)

    @property
    def address(self) -> dict[str, str]:
        """What asks for the same again."""
        given = {"since": self.since, "until": self.until, "as_at": self.asked_as_at}
        return {"partnership": self.partnership.key, **{name: f"{on}" for name, on in given.items() if on}}


def financial_years() -> list[tuple[str, date, date]]:
    """The periods that are one click away."""
    today = clock.today()
    this = date(today.year if today.month >= APRIL else today.year - 1, APRIL, 1)
    last = this.replace(year=this.year - 1)
    return [
        ("1 April 2024 to 31 March 2025", *PILOT_YEAR),
        ("Last financial year", last, last.replace(year=this.year, month=3, day=31)),
        ("This financial year so far", this, today),
    ]


def asked_for() -> tuple[Report | None, PeriodForm]:
    """The report that the address asks for, and the form that asks for it; no report where an answer is wrong.

    An address that names no day asks for the last financial year.

    Raises:
        NotFound: it names a partnership whose figures this person may not read.
    """
    partnerships = figured_partnerships(signed_in())
    _, first, last = financial_years()[1]
    given = request.args.copy()
    if "since" not in given and "until" not in given:
        given["since"], given["until"] = first.isoformat(), last.isoformat()
    given.setdefault("partnership", partnerships[0].key)
    form = PeriodForm(formdata=given)
    form.partnership.choices = [Choice(each.key, each.name) for each in partnerships]
    chosen = next((each for each in partnerships if each.key == given["partnership"]), None)
    if chosen is None:
        raise NotFound
    if len(partnerships) == 1:
        del form.partnership
    if not form.validate():
        return None, form
    as_at = form.as_at.data
    return Report(chosen, form.since.data, form.until.data, as_at or clock.today(), as_at), form


def ask_again() -> ResponseReturnValue:
    """Back to the page that says what is wrong with the period."""
    return redirect(f"{url_for('.index')}?{request.query_string.decode('ascii', 'ignore')}")


@pages.route("")
@requires(Action.READ_FIGURES)
def index() -> ResponseReturnValue:
    """Every figure of the period, or the form with what is wrong with it."""
    report, form = asked_for()
    if report is None:
        return render_template("reports/period.html", form=form, years=financial_years())
    figures = report.figures
    return render_template(
        "reports/index.html",
        report=report,
        years=financial_years(),
        columns=lines.table_columns(lines.tables(figures)),
        time_limits=lines.time_limits(figures),
        chart=lines.outcome_chart(figures),
        reconciliation_heading=reconciliation_heading(figures),
        reconciliation=reconciliation(figures),
        small_numbers=small_numbers(figures),
    )


@pages.route("/period")
@requires(Action.READ_FIGURES)
def period() -> ResponseReturnValue:
    """The form, with the period there is."""
    _, form = asked_for()
    return render_template("reports/period.html", form=form, years=financial_years())


@pages.route("/cases")
@requires(Action.READ_FIGURES)
def cases() -> ResponseReturnValue:
    """Which cases a number counts, as far as this person may see them."""
    report, _ = asked_for()
    if report is None:
        return ask_again()
    key, part = request.args.get("figure", ""), request.args.get("part", "")
    figure = report.figures.by_id.get(key)
    if figure is None or (part and part not in figure.cases_by):
        raise NotFound
    counted = Counter(figure.cases_by[part] if part else figure.cases)
    return render_template(
        "reports/cases.html",
        report=report,
        title=lines.title_of(report.figures, key, part),
        figure=figure,
        number=counted.total() + figure.of_no_case.get(part, 0),
        of_no_case=figure.of_no_case.get(part, 0),
        counted=counted,
        cases=visible_among(signed_in(), counted),
    )


@pages.route("/figures.csv")
@requires(Action.READ_FIGURES)
def figures_csv() -> ResponseReturnValue:
    """Every figure as a table; `small=hidden` holds back what is under 5."""
    report, _ = asked_for()
    if report is None:
        return ask_again()
    return csv_file("figures", report, as_csv(report.figures, suppress=request.args.get("small") == "hidden"))


@pages.route("/outcomes.csv")
@requires(Action.READ_FIGURES)
def outcomes_csv() -> ResponseReturnValue:
    """The table beside the chart."""
    report, _ = asked_for()
    if report is None:
        return ask_again()
    return csv_file("outcomes", report, table_as_csv(lines.outcome_chart(report.figures).table()))


@pages.route("/figures.json")
@requires(Action.READ_FIGURES)
def figures_json() -> ResponseReturnValue:
    """As `flask figures` prints them."""
    report, _ = asked_for()
    if report is None:
        return ask_again()
    text = json.dumps(report.figures.as_json(), indent=2, ensure_ascii=False)
    return download(text, file_name("figures", report, "json"), "application/json")


def csv_file(name: str, report: Report, text: str) -> Response:
    # The mark at its beginning tells spreadsheets that it is UTF-8.
    return download("\ufeff" + text, file_name(name, report, "csv"), "text/csv; charset=utf-8")


def file_name(name: str, report: Report, ending: str) -> str:
    return f"{name}-{report.since}-to-{report.until}-as-at-{report.as_at}.{ending}"


def download(text: str, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=kind, headers=headers)

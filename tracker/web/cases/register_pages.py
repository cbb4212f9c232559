"""The list of cases as a file. Recorded before it is given out."""

from collections.abc import Sequence
from datetime import date

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused
from tracker.exports.registers import Register, Value, as_csv, as_xlsx
from tracker.extensions import reads
from tracker.models.cases import Case
from tracker.models.users import User
from tracker.policy import Action
from tracker.queries.cases import count_of_cases, listed_cases, matching
from tracker.queries.deadlines import OpenDeadline, open_deadlines
from tracker.queries.history_parts import MARKING
from tracker.queries.partnerships import partnerships_granting
from tracker.services.exports import MOST_LISTED, export_register
from tracker.web.access import requires, signed_in
from tracker.web.cases import pages
from tracker.web.cases.addresses import ask_again, filters_in_words, list_href, parameters_of
from tracker.web.cases.forms import FilterForm
from tracker.web.cases.listing import deadline_words, held_by, next_of, statuses
from tracker.web.filters import day, moment
from tracker.web.forms import Choice, Form, LongTextField, Radios, Submit
from tracker.web.review_names import review_kind

KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
COLUMNS = (
    "Case", "Kind of review", "Partnership", "Stage", "In this stage since", "Opened", "Closed", "Status",
    "Next deadline", "Due", "Held by", "Restricted",
)  # fmt: skip


class RegisterForm(Form):
    """In which format, and why."""

    format = Radios(
        "How do you want it?",
        choices=[Choice("xlsx", "Spreadsheet", "XLSX, for Excel and others."), Choice("csv", "CSV", "Plain text.")],
        required="Select how you want the list",
    )
    reason = LongTextField(
        "Why do you need it?",
        hint="For example: quarterly report to the board. No names of people.",
        required="Enter why you need the list",
        rows=3,
        limit=1000,
    )
    save = Submit("Download the list")


@pages.route("/export", methods=["GET", "POST"])
@requires(Action.EXPORT_HISTORY)
def export() -> ResponseReturnValue:
    """Asks in which format and why, then gives out the list that the address asks for, as far as one may see it."""
    viewer, today = signed_in(), clock.today()
    filters, form = FilterForm.for_viewer(viewer), RegisterForm()
    if filters.problems():
        return ask_again()
    wanted = filters.wanted()
    words = [words for words, _ in filters_in_words(filters, wanted)]
    count, asked = count_of_cases(matching(viewer, wanted, today), MOST_LISTED), parameters_of(wanted)
    if form.validate_on_submit():
        chosen, whole = form.format.data, count <= MOST_LISTED
        try:
            export_register(
                "cases",
                by=viewer,
                partnerships=partnerships_granting(viewer, Action.EXPORT_HISTORY),
                format=chosen,
                reason=form.reason.data,
                filters=asked,
                cases=count,
                whole=whole,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            with reads():  # making the file takes a while, and must not hold up whoever writes
                return given_out(viewer, listed_cases(viewer, wanted, today, MOST_LISTED), words, chosen, today)
    back = list_href(asked)
    return render_template(
        "cases/export.html", form=form, filters=words, count=count, most=MOST_LISTED, back=back, marking=MARKING
    )


def given_out(viewer: User, cases: Sequence[Case], words: Sequence[str], chosen: str, today: date) -> Response:
    """The list as a file, named by its day."""
    deadlines = open_deadlines(cases)
    register = Register(
        title="Cases",
        notes=(
            ("Marking", MARKING),
            ("Exported by", viewer.email),
            ("Exported at", moment(clock.now())),
            ("Data as at", day(today)),
            ("Cases", "; ".join(words) or "All that the exporter may see"),
        ),
        columns=COLUMNS,
        rows=[row(case, deadlines.get(case.id, ()), today) for case in cases],
    )
    content = as_xlsx(register) if chosen == "xlsx" else as_csv(register)
    headers = {"Content-Disposition": f'attachment; filename="cases-as-at-{today}.{chosen}"'}
    return Response(content, content_type=KINDS[chosen], headers=headers)


def row(case: Case, running: Sequence[OpenDeadline], today: date) -> list[Value]:
    """What the list shows of a case, less the people who work on it."""
    upcoming = next_of(running, today)
    stage = case.procedure.stage(case.stage).label
    return [
        case.reference,
        review_kind(case.procedure, case.partnership_id),
        case.partnership.name,
        stage,
        case.stage_since,
        case.opened_on,
        case.closed_on,
        ", ".join(words for _, words in statuses(case, upcoming, today)),
        deadline_words(case, upcoming),
        None if case.closed_on or not upcoming else upcoming[0].due,
        held_by(case, upcoming),
        "Yes" if case.restricted else "",
    ]

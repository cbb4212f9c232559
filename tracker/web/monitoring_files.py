"""Tables of the monitoring pages as files to take away: what the viewer sees there, every cell inert."""

from collections.abc import Sequence
from datetime import date

from flask import Response

from tracker import clock
from tracker.exports.registers import Register, Value, as_csv
from tracker.queries.history_parts import MARKING
from tracker.web.access import signed_in
from tracker.web.filters import day, moment


def csv_file(name: str, title: str, columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> Response:
    """A table, named after what it is and its day, with who took it away and when above it."""
    now, today = clock.now(), clock.today()
    notes = (
        ("Marking", MARKING),
        ("Table", title),
        ("Exported by", signed_in().email),
        ("Exported at", moment(now)),
        ("Data as at", day(today)),
    )
    return download(as_csv(Register(title, notes, columns, rows)), name, today, "csv", "text/csv; charset=utf-8")


def download(content: bytes, name: str, on: date, ending: str, kind: str) -> Response:
    """A file that is saved and not shown."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-as-at-{on}.{ending}"'}
    return Response(content, content_type=kind, headers=headers)

"""Action plans in and out: spreadsheets as people save them, the commands, and the same plan after every way round."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import MAC_EPOCH

from tests.builders import make_case, make_user
from tests.commands import case_file, run
from tests.hostile import zipped
from tracker.errors import Refused
from tracker.exports.plan_pdf import plan_pdf
from tracker.exports.plans import PlanExport, plan_xlsx
from tracker.extensions import db
from tracker.models import Role
from tracker.procedures.plan_columns import HEADINGS
from tracker.procedures.plan_read import Answers
from tracker.queries.cases import case_called
from tracker.queries.plans import With, plan_of, recommendation_lines
from tracker.services.plan_imports import import_plan, read_plan
from tracker.services.plan_sheets import LARGEST_FILE, rows_of

ON_SQLITE = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
TODAY = date(2026, 11, 25)
CASES = ("DHR-2024-101", "DHR-2024-102", "DHR-2024-103")
TEMPLATE = tuple(HEADINGS.values())
ROWS: tuple[tuple[Any, ...], ...] = (
    (
        "R2. Train all staff",
        "Local",
        "Commission",
        "West Mercia Police",
        "",
        "Q3 2023 -24",
        "Completed March 2024 – done",
    ),
    ("", "", "Evaluate", "West Mercia Police", "Found", "within 6 months of publication", ""),
    ("R10. Publish", "National", "Write", "Shropshire Council", "", date(2027, 6, 30), "=1+1"),
    ("", "", "Remind\nthem", "=cmd|' /c calc'!A1", "", "Ongoing", "In hand"),
    ("10(a). Join up", "County wide", "Meet", "", "", "Q2 2027", ""),
    ("No action yet", "", "", "", "", "", ""),
)


def workbook(rows: Any = ROWS, headings: Any = TEMPLATE) -> bytes:
    book = Workbook()
    guidance = book.active
    assert guidance is not None
    guidance.append(["Read this first"])
    sheet = book.create_sheet("Plan")
    for row in (["Action plan"], [], headings, *rows, *[[None] * 9] * 30):
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def cases(own_app: Flask, tmp_path: Path, today_is: Callable[[date], None]) -> Flask:
    today_is(TODAY)
    run(own_app, "partnership", "add", "shropshire", "--name", "Shropshire")
    events = [
        {"step": "notification_received", "on": "2024-01-05"},
        {"step": "decided_to_review", "on": "2024-01-20", "answers": {"rationale": "Met."}},
    ]
    files = [{"reference": each, "type": "dhr", "partnership": "shropshire", "events": events} for each in CASES]
    assert run(own_app, "case", "load", case_file(tmp_path / "cases.json", *files)).code == 0
    return own_app


def test_a_plan_goes_in_out_and_in_again_the_same(cases: Flask, tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(workbook())
    command = ("actions", "import", tmp_path / "plan.xlsx", "--case", CASES[0])
    asked = run(cases, *command)
    assert asked.code == 1
    assert (asked.json["rows"], asked.json["ready"], asked.json["refused"]) == (6, 4, [])
    assert asked.json["questions"] == [
        {"column": "Target date", "value": "Ongoing", "ask": "by what date should it be reviewed?"},
        {"column": "Target date", "value": "Q2 2027", "ask": "financial or calendar quarters?"},
    ]
    assert run(cases, "actions", "show", CASES[0]).json == {"case": CASES[0], "recommendations": []}
    answered = (*command, "--quarters", "calendar", "--answer", "Ongoing=1 April 2027")
    assert run(cases, *answered, "--dry-run").code == 0
    assert run(cases, "actions", "show", CASES[0]).json["recommendations"] == []
    assert run(cases, *answered).json == {"rows": 6, "ready": 6, "refused": [], "questions": []}
    shown = run(cases, "actions", "show", CASES[0]).json["recommendations"]
    assert [line["number"] for line in shown] == ["", "10(a)", "R2", "R10"]
    assert shown[2]["actions"][0] == {
        "text": "Commission",
        "lead_agency": "West Mercia Police",
        "milestones": "",
        "status": "claimed_complete",
        "rag": "red",
        "target": {"text": "Q3 2023 -24", "from": "2023-10-01", "to": "2023-12-31", "precision": "quarter"},
        "completed": {"text": "Completed March 2024", "on": "2024-03-31"},
        "outcome": "done",
    }
    assert shown[2]["actions"][1]["target"] == {
        "text": "within 6 months of publication", "from": None, "to": None, "precision": "event", "event": "published",
    }  # fmt: skip
    assert shown[3]["actions"][1]["target"]["precision"] == "review_by"
    assert run(cases, *answered).code == 2
    with cases.app_context():
        case = case_called(CASES[0])
        plan = plan_of(case, With.EVENTS) if case else None
        assert plan
        exported, public = (plan_xlsx(PlanExport(plan, "Ruth", TODAY, public=each)) for each in (False, True))
    (tmp_path / "again.xlsx").write_bytes(exported)
    assert run(cases, "actions", "import", tmp_path / "again.xlsx", "--case", CASES[1]).code == 0
    assert run(cases, "actions", "show", CASES[1]).json["recommendations"] == shown
    for content in (exported, public):
        cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert not {"Owner", "Ruth"} & {cell.value for cell in cells}
    file = run(cases, "case", "show", CASES[0]).json | {"reference": "DHR-2024-104"}
    assert run(cases, "case", "load", case_file(tmp_path / "file.json", file)).code == 0
    assert run(cases, "case", "show", "DHR-2024-104").json == file
    differences = run(cases, "deadlines", "check").json["differences"]
    assert [row for row in differences if row["what"].startswith("action")] == []


@ON_SQLITE
def test_only_the_ready_rows_where_that_is_said(cases: Flask, tmp_path: Path) -> None:
    rows = [("1. A", "", "Do", "", "", "31/06/2024", ""), ("", "", "Do too", "", "", "June 2024", "")]
    (tmp_path / "plan.xlsx").write_bytes(workbook(rows))
    command = ("actions", "import", tmp_path / "plan.xlsx", "--case", CASES[0])
    refused = run(cases, *command)
    assert (refused.code, refused.json["refused"][0]) == (
        1,
        {
            "sheet": "Plan",
            "row": 4,
            "column": "Target date",
            "value": "31/06/2024",
            "why": "June has 30 days",
            "mend": "Write a day from 1 to 30, or June 2024 alone",
        },
    )
    assert run(cases, *command, "--ready-only").code == 1
    shown = run(cases, "actions", "show", CASES[0]).json["recommendations"]
    assert [action["text"] for action in shown[0]["actions"]] == ["Do too"]
    assert run(cases, "actions", "import", tmp_path / "plan.xlsx", "--case", "DHR-1999-001").code == 2
    assert run(cases, "actions", "import", tmp_path / "none.xlsx", "--case", CASES[0]).code == 2


@ON_SQLITE
@pytest.mark.parametrize(
    "wrong",
    [{"actions": [{"text": ""}]}, {"actions": [{"text": "A", "status": "gone"}]}, {"text": "A", "actions": "x"}, 7,
     {"text": "A", "actions": [{"text": "B", "target": {"to": "2024-02-30"}}]}, {"text": "A", "surplus": 1},
     {"text": "A", "actions": [{"text": "B", "target": {"precision": "week"}}]},
     {"text": "A", "addressees": [{"name": "B", "response": "perhaps"}]}],
)  # fmt: skip
def test_a_wrong_plan_in_a_case_file_is_refused_by_name(own_app: Flask, tmp_path: Path, wrong: Any) -> None:
    file = {"reference": "DHR-1", "type": "dhr", "partnership": "x", "recommendations": [wrong],
            "events": [{"step": "notification_received", "on": "2024-01-05"}]}  # fmt: skip
    answer = run(own_app, "case", "load", case_file(tmp_path / "file.json", file))
    assert answer.code == 2
    assert any(word in answer.said for word in ("recommendation 1", "actions"))


HEAD = "Recommendation;Scope;Action to take;Lead agency;Key milestones;Target date;Completed\n"
LINE = "1. Café;Local;“Do”;Pólice;;June 2027;\n"


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [";", "\t", ","])
def test_csv_is_read_however_it_was_saved(coding: str, mark: str) -> None:
    line = LINE.replace("Pólice", "Police") if coding == "cp1252" else LINE
    content = ("Title\n\n" + HEAD + line + ";;;;;;\n").replace(";", mark).encode(coding)
    found = read_plan(content, "plan.csv", Answers())
    assert found.is_complete
    assert (found.recommendations[0].text, found.recommendations[0].actions[0].text) == ("Café", "“Do”")


def test_a_real_date_is_a_day_or_a_month_as_it_is_shown() -> None:
    book = load_workbook(io.BytesIO(workbook([("1. A", "", "B", "", "", date(2027, 6, 1), "")])))
    sheet = book["Plan"]
    file = io.BytesIO()
    sheet["F4"].number_format = "mmm-yy"
    book.save(file)
    target = read_plan(file.getvalue(), "plan.xlsx", Answers()).recommendations[0].actions[0].target
    assert (target.text, target.until, target.precision) == ("June 2027", date(2027, 6, 30), "month")


def made(rows: Any, finish: Callable[[Workbook, Any], None]) -> bytes:
    """A workbook of the template's columns and these rows, after *finish* had it."""
    book = load_workbook(io.BytesIO(workbook(rows)))
    finish(book, book["Plan"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_what_merged_cells_say_stands_in_every_row_that_they_span() -> None:
    rows = [("1. A", "Local", "B", "Police", "", "June 2027", ""), ("", "", "C", "", "", "", ""), ("",) * 7]

    def merge(book: Workbook, sheet: Any) -> None:
        for span in ("A4:A6", "B4:B6", "D4:D6", "F4:F5", "A1:G1"):
            sheet.merge_cells(span)
        hidden = book.create_sheet("Last year")
        hidden.append(list(TEMPLATE))
        hidden.append(["9. Old", "", "Old"])
        hidden.sheet_state = "hidden"

    found = read_plan(made(rows, merge), "plan.xlsx", Answers())
    assert (found.rows, found.is_complete, len(found.recommendations)) == (2, True, 1)
    actions = found.recommendations[0].actions
    assert [(each.text, each.lead_agency, each.target.text) for each in actions] == [
        ("B", "Police", "June 2027"), ("C", "Police", "June 2027"),
    ]  # fmt: skip


def test_a_formula_counts_for_what_it_came_to_and_is_refused_where_the_file_does_not_say() -> None:
    def calculate(book: Workbook, sheet: Any) -> None:
        sheet["F4"], sheet["F5"] = "=DATE(2027,6,30)", "='[other.xlsx]Sheet1'!A1"

    found = read_plan(made([("1. A", "", "B", *[""] * 4)] * 2, calculate), "plan.xlsx", Answers())
    assert [(cell.row, cell.column, cell.value[:6]) for cell in found.refused] == [
        (4, "Target date", "=DATE("), (5, "Target date", "='[oth"),
    ]  # fmt: skip
    assert {cell.why for cell in found.refused} == {"The file does not hold what this formula comes to"}


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [("[Red]mmm yyyy", date(2027, 6, 1), "June 2027"), ('"by" mmmm yyyy', date(2027, 6, 1), "June 2027"),
     ("[$-809]dd mmmm yyyy;@", date(2027, 6, 1), "01/06/2027"), ("yyyy", date(2027, 6, 1), "2027"),
     ("General", 46174, "46174"), ("0", 2027, "2027"), ("0.00", 5.1, "5.10")],
)  # fmt: skip
def test_a_cell_is_read_as_its_format_shows_it(kind: str, value: Any, text: str) -> None:
    content = made(
        [("1. A", "", "B", "", "", value, "")], lambda book, sheet: setattr(sheet["F4"], "number_format", kind)
    )
    assert [row.cells[5] for row in rows_of(content, "plan.xlsx")][-1] == text


def test_a_workbook_that_counts_from_1904_gives_the_days_it_shows() -> None:
    content = made(
        [("1. A", "", "B", "", "", date(2027, 6, 1), "")], lambda book, sheet: setattr(book, "epoch", MAC_EPOCH)
    )
    assert [row.cells[5] for row in rows_of(content, "plan.xlsx")][-1] == "01/06/2027"


@pytest.mark.parametrize(
    ("text", "coding", "actions", "refused"),
    [
        ("sep=;\n" + HEAD + LINE + ';;"Two\nlines";;;31/06/2024;\n', "utf-8", ["“Do”"], [3]),
        ('Action, Recommendation, When\nA; b; c,1. D; e; f,June 2027\nG,"2. H",TBC\n', "utf-8", ["A; b; c"], []),
        (HEAD.replace(";", ",") + "1. A,,B,,,31/06/2024,\n2. A,,C,,,June 2027,\n", "utf-16-le", ["C"], [2]),
        (HEAD + "1. A;;'=B;;;'-;\n", "utf-8", ["=B"], []),
    ],
)
def test_a_csv_says_its_rows_as_a_spreadsheet_counts_them(
    text: str, coding: str, actions: list[str], refused: list[int]
) -> None:
    found = read_plan(text.encode(coding), "plan.csv", Answers())
    assert [action.text for line in found.recommendations for action in line.actions] == actions
    assert [cell.row for cell in found.refused] == refused


def packed(**parts: bytes) -> bytes:
    return zipped({name.replace("__", "/").replace("_xml", ".xml"): content for name, content in parts.items()})


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'


def changed(change: Callable[[dict[str, bytes]], Any], content: bytes | None = None) -> bytes:
    """A workbook after *change* had its parts."""
    with zipfile.ZipFile(io.BytesIO(content or workbook())) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    change(parts)
    return zipped(parts)


def with_part(part: str, content: bytes) -> bytes:
    return changed(lambda parts: parts.update({part: content}))


def with_sheet(rows: bytes, after: bytes = b"") -> bytes:
    """A workbook whose sheet is this XML."""
    return with_part("xl/worksheets/sheet2.xml", SHEET % (rows, after))


def renamed(parts: dict[str, bytes]) -> None:
    """Hides the sheet in a part whose name does not say that it is XML."""
    parts["xl/worksheets/sheet2.bin"] = ENTITY
    for part in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[part] = parts[part].replace(b"sheet2.xml", b"sheet2.bin")


def test_what_stands_far_down_or_beyond_what_the_sheet_says_of_its_size_is_read() -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{words}</t></is></c>' for words in ("9. Far", "", "Down"))
    further = f'<row r="1048576">{cells}</row></sheetData>'.encode()

    def narrow(parts: dict[str, bytes]) -> None:
        sheet = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', parts["xl/worksheets/sheet2.xml"])
        parts["xl/worksheets/sheet2.xml"] = sheet.replace(b"</sheetData>", further)

    rows = list(rows_of(changed(narrow), "plan.xlsx"))
    assert len(rows) == len(ROWS) + 4
    assert (rows[-1].number, rows[-1].cells[0]) == (1_048_576, "9. Far")


def test_a_formula_may_come_to_nothing() -> None:
    empty = b'<c r="G4" t="str"><f>IF(A1=1,1,"")</f><v></v></c>'

    def calculated(parts: dict[str, bytes]) -> None:
        sheet = parts["xl/worksheets/sheet2.xml"]
        parts["xl/worksheets/sheet2.xml"] = re.sub(rb'<c r="G4".*?(/>|</c>)', empty, sheet, count=1)

    found = read_plan(changed(calculated, workbook([("1. A", "", "B", "", "", "", "x")])), "plan.xlsx", Answers())
    assert found.is_complete
    assert [action.completed_text for action in found.recommendations[0].actions] == [""]


MERGES = b"<mergeCells>" + b'<mergeCell ref="A1:A9"/>' * 30_000 + b"</mergeCells>"
STYLES = b"<styleSheet><fonts>" + b"<font/>" * 210_000 + b"</fonts></styleSheet>"
LATE_ENTITY = b"<?xml version='1.0'?><!--" + b" " * 5000 + b'--><!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"a\x00b", packed(xl__workbook_xml=ENTITY), packed(a=b"b"),
     packed(xl__bomb_xml=b"0" * 90_000_000), b"x" * (LARGEST_FILE + 1), workbook()[:-200],
     with_sheet(b"<row><c>" + b"<x>" * 100_000), with_sheet(b'<row r="1"><c/></row>', MERGES),
     packed(xl__workbook_xml=LATE_ENTITY), with_sheet(b"<row>" + b"<c/>" * 2_100_000 + b"</row>"),
     with_part("xl/styles.xml", STYLES), with_part("xl/media/picture.xml", b"0" * 30_000_000), changed(renamed),
     with_part("xl/vbaProject.bin", b"macro"), b" <!doctype html><table>", b"%PDF-1.4"],
    ids=["empty", "broken", "old", "binary", "entities", "no workbook", "bomb", "large", "cut", "deep", "merges",
         "late entities", "elements", "styles", "endless name", "renamed", "macros", "page", "pdf"],
)  # fmt: skip
def test_a_file_that_is_no_spreadsheet_or_a_hostile_one_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        list(rows_of(content, "plan.xlsx"))


def test_a_plan_of_five_hundred_actions_is_read_in_few_statements_and_printed(
    app: Flask, today_is: Callable[[date], None], statements: Callable[[], Any]
) -> None:
    today_is(TODAY)
    case = make_case(make_user(Role.OFFICER), "dhr", date(2026, 1, 5))
    rows = [(f"{number}. Do", "Local", f"Act {number}", "Police", "", "June 2027", "") for number in range(500)]
    import_plan(case, by=None, source="x", answers=read_plan(workbook(rows), "x", Answers()).recommendations)
    case_id = case.id

    db.session.expire_all()
    with statements() as made:
        found = case_called(case.reference)
        assert found
        plan = plan_of(found, With.EVENTS)
        lines = recommendation_lines(plan, TODAY)
    assert (len(lines), found.id) == (500, case_id)
    assert len(made) <= 9
    assert plan
    assert plan_pdf(PlanExport(plan, "Ruth", TODAY), invariant=True).startswith(b"%PDF")
    assert json.dumps([line.as_json() for line in lines])

"""The history as a PDF: what is on it, on every sheet, whatever anybody typed, and how long it takes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import Destination
from sqlalchemy.orm import Session

from tests.builders import make_case, make_partnership, make_user
from tests.databases import SECRET
from tracker.exports import typeface
from tracker.exports.history_pdf import as_pdf
from tracker.exports.typeface import STAND_IN, Shown
from tracker.exports.typesetting import Setter, Style
from tracker.models import Case, User
from tracker.models.users import Role
from tracker.procedures.case_file import read_cases
from tracker.queries.cases import case_called
from tracker.queries.histories import history_of
from tracker.services.case_files import load_cases
from tracker.services.cases import correct_event, record_step
from tracker.services.exports import export_history

TODAY = date(2026, 3, 2)
REASON = "Yearly audit of open reviews"
BUSY = 1.5  # a machine that does other work too takes longer, also in CPU time
MOST_MEMORY = 150  # MB


@pytest.fixture(autouse=True)
def _today(today_is: Callable[[date], None]) -> None:
    today_is(TODAY)


@pytest.fixture
def officer(session: Session) -> User:
    return make_user(Role.OFFICER)


@pytest.fixture
def case(officer: User) -> Case:
    return make_case(officer, "dhr", date(2026, 1, 30))


def decide(case: Case, by: User, reasons: str) -> None:
    """Records the decision to review, with these reasons."""
    record_step(case, by=by, step="decided_to_review", on=date(2026, 2, 20), answers={"rationale": reasons})


def pdf_of(case: Case, *, by: User | None = None) -> PdfReader:
    """The history of a case, printed and read back."""
    return PdfReader(BytesIO(as_pdf(history_of(case, by=by, format="pdf", reason=REASON), invariant=True)))


def text_of(pdf: PdfReader) -> str:
    """All that is printed, on one line."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def long_history(events: int, reference: str = "DHR-2015-001") -> dict[str, object]:
    """A case file with so many events, most of them in the review."""
    on, to = date(2015, 2, 12), date(2015, 12, 1)
    told = [
        {"step": "notification_received", "on": "2015-01-05"},
        {"step": "decided_to_review", "on": "2015-01-20", "answers": {"rationale": "The criteria are met. " * 10}},
        {"step": "chair_appointed", "on": "2015-02-10"},
    ]
    kinds = ("family_engaged", "imr_requested", "imr_received", "panel_met", "deadline_extended")
    for place in range(events - len(told)):
        on = min(on + timedelta(days=1), date(2025, 1, 1))
        event: dict[str, object] = {"step": kinds[place % 5], "on": on.isoformat()}
        event["answers"] = {"note": "Spoke at length about what was known and when, agreed to meet again. " * 3}
        if kinds[place % 5].startswith("imr"):
            event["subject"] = f"Agency {place // 5 % 17}"
        if kinds[place % 5] == "deadline_extended":
            to = max(to, on) + timedelta(days=3)
            event["answers"] = {"deadline": "complete_report", "to": to.isoformat(), "reason": "more time needed"}
        told.append(event)
    return {"reference": reference, "type": "dhr", "edition": "dhr-2016", "partnership": "shropshire", "events": told}


# -- What is on it ----------------------------------------------------------------------------------------------------


def test_every_sheet_is_marked_and_numbered(case: Case, officer: User) -> None:
    decide(case, officer, "The criteria are met. " * 300)
    pdf = pdf_of(case)
    total = len(pdf.pages)
    assert total > 1
    for number, page in enumerate(pdf.pages, start=1):
        text = page.extract_text()
        assert text.count("Official: sensitive") == 2
        assert f"Page {number} of {total}" in text
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842)


def test_it_holds_the_whole_record(case: Case, officer: User) -> None:
    decide(case, officer, "The criteria are met.")
    record_step(case, by=officer, step="hold_started", on=date(2026, 2, 25), answers={"reason": "inquest"})
    export_history(case, by=officer, format="pdf", reason=REASON)
    text = text_of(pdf_of(case, by=officer))
    for part in (
        f"Case history, {case.reference}",
        "Domestic homicide review, referred 30 January 2026, in the stage Review",
        "Domestic Violence, Crime and Victims Act 2004, section 9",
        "dhr-2016",
        f"Produced 2 March 2026, 12:00pm, London time, for {officer.name}, officer",
        f"Reason {REASON}",
        "20 Feb 2026 Decided to review What are the reasons for the decision? The criteria are met. "
        "Moves the case to Review Meets “Decide whether to review”, 8 days early",
        "Starts “Complete the overview report”, due 20 August 2026",
        f"2 Mar 2026, 12:00pm {officer.name}",
        "Inquest, held by coroner 25 February 2026 Now",
        "30 January 2026: notification received 1 month (the day itself is not counted): 28 February 2026",
        "On hold from 25 February 2026 and still is: inquest; a hold does not move this date",
        "This case has no corrections",
        "Referral 30 January 2026 20 February 2026",
        f"{officer.email} History exported Format: pdf Reason: {REASON}",
        "the last when this was produced was 4.",
        "The accessible record is the same history as a web page",
    ):
        assert part in text
    assert "cannot be shown" not in text


def test_a_corrected_event_stays_with_the_reason(case: Case, officer: User) -> None:
    decide(case, officer, "Meant for another case.")
    correct_event(case, by=officer, number=2, reason="Wrong case", on=date(2026, 2, 24))
    text = text_of(pdf_of(case))
    assert "Decided to review Replaced by event 3 on 2 March 2026: Wrong case" in text
    assert "Recorded in error Replaces event 2" in text
    assert "24 Feb 2026 Decided to review What are the reasons for the decision? Meant for another case. Moves" in text
    assert "This case has 1 correction." in text


def test_complaints_stand_beside_both_tests(session: Session) -> None:
    make_partnership()
    complaint = {"behaviour_on": "2026-01-10", "reported_on": "2026-01-12", "body": "Council", "incident": "Drums"}
    told = {
        "reference": "ASB-2026-001",
        "type": "asb",
        "partnership": "shropshire",
        "complaints": [complaint, {**complaint, "hate": True, "by": "neighbour C"}],
        "events": [{"step": "application_received", "on": "2026-02-03"}],
    }
    load_cases("test", by=None, case_files=read_cases(told), references=["ASB-2026-001"])
    case = case_called("ASB-2026-001")
    assert case is not None
    text = text_of(pdf_of(case))
    assert "1. Council Incident: Drums 10 Jan 2026 12 Jan 2026 Counts 2 days after" in text
    assert "Counted once Qualifies, but the same incident as complaint 1" in text
    assert "Statutory test: not met: 1 qualifying, 3 needed" in text
    assert "1 hate-motivated incident in 3 months: 1 of 1" in text
    assert "Brought in from a file" in text


def test_the_same_history_makes_the_same_bytes(case: Case) -> None:
    history = history_of(case, by=None, format="pdf", reason=REASON)
    assert as_pdf(history, invariant=True) == as_pdf(history, invariant=True)


def test_a_reader_program_knows_what_it_is(case: Case) -> None:
    pdf = pdf_of(case)
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"Case history, {case.reference}"
    assert pdf.metadata.subject == "Official: sensitive. Domestic homicide review"
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    assert [str(entry["/Title"]) for entry in pdf.outline if isinstance(entry, Destination)][:2] == [
        "What happened, and when it was recorded",
        "Deadlines and their working",
    ]
    fonts = pdf.pages[0]["/Resources"]["/Font"].values()
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)  # embedded: it looks the same everywhere


# -- Whatever anybody typed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "<b>unclosed",
        "a<b & c>d",
        '<img src="/etc/passwd">',
        "<para><font color='red'>&lt;&#65;</font>",
        "{{7*7}} {% raw %} ${7*7}",
        r"(unbalanced) Tj ET ) ( \ \( \101",
        "Mae’r ŵyr a’r ŷd yn Llŷn; Ŵ Ŷ",
        "Zażółć gęślą jaźń, ŁÓDŹ",
        "Ελληνικά, Кирилиця, Tiếng Việt",
    ],
)
def test_text_is_printed_as_it_was_typed(case: Case, officer: User, typed: str) -> None:
    decide(case, officer, typed)
    pdf = pdf_of(case)
    assert typed in text_of(pdf)
    assert "not in the typeface" not in text_of(pdf)
    assert not any(page.images for page in pdf.pages)


@pytest.mark.parametrize(
    ("typed", "missing", "printed"),
    [
        ("so 😀 it was", 1, f"so {STAND_IN} it was"),
        ("turned \u202eround\u202c", 2, f"turned {STAND_IN}round{STAND_IN}"),
        ("left\u200fto\u200eright", 2, f"left{STAND_IN}to{STAND_IN}right"),
        ("خاندان نے کہا کہ وہ ڈرتی تھی", 22, "[22 characters that this PDF cannot show]"),
    ],
)
def test_what_cannot_be_shown_is_said(case: Case, officer: User, typed: str, missing: int, printed: str) -> None:
    decide(case, officer, typed)
    text = text_of(pdf_of(case))
    assert printed in text
    assert f"{missing} character{'s are' if missing > 1 else ' is'} not in the typeface of this PDF" in text
    assert "The web page of this history shows them." in text


def test_a_word_without_end_is_cut_and_nothing_is_lost(case: Case, officer: User) -> None:
    decide(case, officer, "x" * 20_000)
    pdf = pdf_of(case)
    assert sum(page.extract_text().count("x") for page in pdf.pages) >= 20_000
    assert "continued" in pdf.pages[1].extract_text()


def test_a_long_cell_runs_over_as_many_sheets_as_it_takes(case: Case, officer: User) -> None:
    decide(case, officer, "\n".join(f"line {number}" for number in range(1, 2_001)))
    pdf = pdf_of(case)
    text = text_of(pdf)
    assert len(pdf.pages) > 30
    assert all(f"line {number} " in text for number in range(1, 2_001))


def test_blank_lines_do_not_fill_sheets(case: Case, officer: User) -> None:
    decide(case, officer, "before" + "\n" * 10_000 + "after")
    assert len(pdf_of(case).pages) < 4


@given(st.text(max_size=300), st.floats(30, 400))
def test_no_line_is_too_long_and_no_word_is_lost(typed: str, width: float) -> None:
    style = Style(typeface.regular(), 9, 12)
    shown = Shown()(typed)
    lines = Setter().lines([("Label:", style), (shown, style)], width)
    for line in lines:
        assert all(offset + style.length(text) <= width + 0.01 or len(text) == 1 for offset, text, _ in line.pieces)
    set_words = "".join(text for line in lines for _, text, _ in line.pieces)
    assert set_words.replace(" ", "") == "".join(["Label:", *shown.split()])


# -- How long it takes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("events", "seconds"), [(200, 0.25), (2_000, 2.0)])
def test_it_is_made_in_good_time(session: Session, events: int, seconds: float) -> None:
    make_partnership()
    load_cases("test", by=None, case_files=read_cases(long_history(events)), references=["DHR-2015-001"])
    tries = []
    for _ in range(3):
        session.expire_all()
        case = case_called("DHR-2015-001")
        assert case is not None
        begun = time.process_time()
        history = history_of(case, by=None, format="pdf", reason=REASON)
        told = time.process_time()
        as_pdf(history)
        tries.append((time.process_time() - begun, told - begun))
    whole, told = min(tries)
    assert whole <= seconds * BUSY, f"{whole:.3f} s of CPU, of which {told:.3f} to gather the history"


EXPORT = """
from config import Config
from tracker import create_app
with create_app(Config()).app_context():
    from tracker.exports.history_files import history_file
    from tracker.queries.cases import case_called
    from tracker.queries.histories import history_of
    history_file(history_of(case_called("DHR-2015-001"), by=None, format="pdf", reason=""))
# The most this program itself has held: getrusage would also tell of the process that started it.
with open("/proc/self/status") as status:
    print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""


def test_it_needs_little_memory(own_app: Flask, own_database: str, tmp_path: Path) -> None:
    """Measured in a process of its own, which does nothing else."""
    with own_app.app_context():
        make_partnership()
        load_cases("test", by=None, case_files=read_cases(long_history(2_000)), references=["DHR-2015-001"])
    environ = {"DATABASE_URL": own_database, "INSTANCE_PATH": str(tmp_path), "SECRET_KEY": SECRET}
    made = subprocess.run(
        [sys.executable, "-c", EXPORT],
        env=os.environ | environ,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert int(made.stdout) <= MOST_MEMORY, made.stdout

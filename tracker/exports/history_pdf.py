"""A case's history as a PDF: A4, marked on every sheet. A convenience; the web page is the accessible record."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.exports import typeface
from tracker.exports.history_rows import Row, Rows
from tracker.exports.sheets import LEFT, RIGHT, TOP, Sheets
from tracker.exports.tables import Column, Table, columns
from tracker.exports.typeface import STAND_IN
from tracker.exports.typesetting import Setter, Style
from tracker.exports.words import about_corrections, about_entries, both_tests, cover, moment
from tracker.queries.history_parts import MARKING, History

ACCESSIBLE = "This PDF is a convenience. The accessible record is the same history as a web page."
HEAD, FOOT = TOP + 24, 34.0  # where the lines of head and foot stand
LEAST_ROOM = 90.0  # for a section's title, its headings and the beginning of a row

PAIRS = columns(("", 15), ("", 85))
EVENTS = columns(("Happened", 12), ("What happened", 61), ("Recorded", 21), ("Event", 6))
DEADLINES = columns(("Due", 21), ("Deadline and its working", 53), ("Rule", 26))
CRITERIA = columns(("Criterion", 42), ("Answer", 13), ("Evidence", 45))
COMPLAINTS = columns(("Complaint", 22), ("Behaviour", 13), ("Reported", 13), ("Statutory test", 26), ("Local test", 26))
STAGES = columns(("Stage", 50), ("From", 25), ("To", 25))
HOLDS = columns(("Hold", 50), ("From", 25), ("To", 25))
ENTRIES = columns(("Entry", 8), ("When", 24), ("Who", 26), ("What", 42))


@dataclass(frozen=True, slots=True)
class Section:
    """A title, a table, and what is said below it."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""


def as_pdf(history: History, *, invariant: bool = False) -> bytes:
    """The whole history. *invariant*: the same history makes the same bytes, without the time they were made."""
    rows = Rows()
    # Every row is made before the first is drawn: then it is known how many characters could not be shown.
    record = sections(history, rows)
    particulars = [rows.pair(term, what) for term, what in cover(history)]
    author, produced = rows.shown(history.partnership), rows.shown(history.export.by)
    title = f"Case history, {history.reference}"
    sheets = Sheets(title, author, f"{MARKING}. {history.procedure.title}", invariant=invariant)
    drawing = Drawing(sheets, rows)
    drawing.cover(title, particulars)
    for section in record:
        drawing.section(section)
    return drawing.finished(title, f"Produced {moment(history.export.at)} for {produced}")


def sections(history: History, rows: Rows) -> list[Section]:
    """What is on record, in the order of the web page. Empty parts are left out, but never the events."""
    tests = "\n".join(f"{test}: {result[:1].lower()}{result[1:]}" for test, result in both_tests(history))
    found = [
        Section(
            "What happened, and when it was recorded",
            EVENTS,
            [rows.event(event) for event in history.events],
            about_corrections(history),
        ),
        Section("Deadlines and their working", DEADLINES, [rows.deadline(each) for each in history.deadlines]),
        Section("Criteria", CRITERIA, [rows.criterion(each) for each in history.criteria]),
        Section("Complaints and the threshold", COMPLAINTS, [rows.complaint(c) for c in history.complaints], tests),
        Section("Stages", STAGES, [rows.span(span) for span in history.stages]),
        Section("Holds", HOLDS, [rows.span(span) for span in history.holds]),
        Section(
            "Who did what in the tracker", ENTRIES, [rows.entry(e) for e in history.entries], about_entries(history)
        ),
    ]
    return [section for section in found if section.rows]


class Drawing:
    """Sheets as they are drawn, from the cover's block to the last table."""

    def __init__(self, sheets: Sheets, rows: Rows) -> None:
        self.sheets, self.rows, self.setter = sheets, rows, Setter()
        bold = typeface.bold()
        self.title_style = Style(bold, 20, 26)
        self.section_style = Style(bold, 13, 18)
        self.marking_style = Style(bold, 10, 14)

    def cover(self, title: str, particulars: Iterable[Row]) -> None:
        """What the record is of and who took it out, at the head of the first sheet."""
        self.say(title, self.title_style)
        self.sheets.skip(8)
        self.table(PAIRS, particulars)
        self.sheets.skip(4)
        self.say(ACCESSIBLE, self.rows.quiet)
        if missing := self.rows.shown.missing:
            self.say(not_shown(missing), self.rows.strong)

    def section(self, section: Section) -> None:
        """A title that stays with the beginning of its table."""
        if self.sheets.room < LEAST_ROOM:
            self.sheets.turn()
        self.sheets.skip(22)
        self.sheets.section(section.title)
        self.say(section.title, self.section_style)
        self.sheets.skip(3)
        self.table(section.columns, section.rows)
        if section.note:
            self.sheets.skip(3)
            self.say(section.note, self.rows.quiet)

    def table(self, parts: Sequence[Column], rows: Iterable[Row]) -> None:
        table = Table(self.sheets, self.setter, parts, self.rows.strong, self.rows.quiet)
        for row in rows:
            table.row(*row)

    def say(self, text: str, style: Style) -> None:
        self.sheets.block(self.setter.lines([(text, style)], RIGHT - LEFT))

    def finished(self, title: str, produced: str) -> bytes:
        """The PDF, with the marking at the head and foot of every sheet."""

        def furnish(number: int, total: int) -> None:
            self.sheets.text(LEFT, HEAD, MARKING, self.marking_style)
            self.sheets.text(LEFT, FOOT, MARKING, self.marking_style)
            self.sheets.text_to_right(HEAD, title, self.rows.quiet)
            self.sheets.text(LEFT + 110, FOOT, produced, self.rows.quiet)
            self.sheets.text_to_right(FOOT, f"Page {number} of {total}", self.rows.plain)

        return self.sheets.finished(furnish)


def not_shown(missing: int) -> str:
    """What to do about characters that the typeface does not have."""
    were = "1 character is" if missing == 1 else f"{missing:,} characters are"
    return (
        f"{were} not in the typeface of this PDF, such as letters of other scripts, emoji and marks that turn text "
        f"round. In their place stands {STAND_IN}, or how many there are. The web page of this history shows them."
    )

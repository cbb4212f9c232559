"""The lines of the Reports page: each figure, and its parts, under the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.procedures.counting import EVENT, SNAPSHOT
from tracker.procedures.figures import Figures
from tracker.procedures.figures_printed import MEASURES, outcomes, part_words
from tracker.web.case_words import capitalised, count_of, number_word
from tracker.web.filters import day
from tracker.web.reports.bar_chart import Bar, BarChart

OF_RECEIVED, OF_REVIEWS = "Of the {A1} received", "Of the {A3} reviews carried out"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure, or one part of it, as the page names it.

    `note` may name other figures in braces. `split`: its parts are told below its name, `joined` between number and
    words. `basis` where it differs from the figure's. `on_day`: a snapshot, whose day the name ends with.
    """

    key: str
    title: str
    note: str = ""
    part: str = ""
    split: bool = False
    basis: str = ""
    on_day: bool = False
    joined: str = ""


ASB = (
    Line("A1", "Applications received", "Statutory (a)"),
    Line("A2", "Threshold not met", "Statutory (b)"),
    Line("A3", "Reviews carried out", "Statutory (c)"),
    Line("A4", "Reviews with recommendations", "Statutory (d)"),
    Line("A12", "Discretionary reviews", "Carried out although the threshold was not met"),
    Line("A5", "Did not progress to review", OF_RECEIVED, split=True),
    Line("A6", "Reviewed", OF_RECEIVED, "reviewed"),
    Line("A6", "Still open", OF_RECEIVED, "still_open"),
    Line("A8", "With a theme of the behaviour", OF_RECEIVED, split=True),
    Line("A7", "Action plans agreed", "", "agreed", basis=EVENT),
    Line("A7", "Action plans in monitoring", "", "in_monitoring", basis=SNAPSHOT, on_day=True),
    Line("A7", "Action plans completed or closed", "", "closed", basis=EVENT),
    Line("A9", "Appeals decided", split=True),
    Line("A10", "With an independent chair", OF_REVIEWS, "independent_chair"),
    Line("A10", "Victim attended", OF_REVIEWS, "attended"),
    Line("A10", "Victim was represented", OF_REVIEWS, "represented"),
    Line("A10", "Victim’s statement was read", OF_REVIEWS, "statement"),
    Line("A10", "Victim was invited and did not attend", OF_REVIEWS, "invited_absent"),
    Line("A10", "Victim was not invited", OF_REVIEWS, "not_invited"),
    Line("A13", "Responses to recommendations", "What bodies answered in the period.", split=True),
)
DHR = (
    Line("D1", "Referrals received"),
    Line("D2", "Decided to review", "", "decided_to_review"),
    Line("D2", "Decided not to review", "", "decided_not_to_review"),
    Line("D4", "Sent to Home Office QA", "First submission", "first_submission"),
    Line("D4", "Sent to Home Office QA again", "Resubmission", "resubmission"),
    Line("D5", "Answers from Home Office QA", split=True),
    Line("D6", "Published in full"),
    Line("D7", "Published as learning or summary only", split=True),
    Line("D3", "Work ongoing", "Referral to QA", split=True, on_day=True, joined=" referred in"),
    Line("D8", "On hold", split=True, on_day=True),
)
OWHR = (
    Line("O1", "Referrals", "", "referrals"),
    Line("O1", "Notices: under a duty", "", "duty"),
    Line("O1", "Notices: not under a duty", "", "no_duty"),
    Line("O1", "Notices: not able to decide", "", "unable"),
    Line("O1", "No notice required", "", "not_required"),
    Line("O1", "Reviews arranged", "", "reviews_arranged"),
    Line("O1", "Reports sent", "", "reports_sent"),
)
ALL_CASES = (
    Line("X2", "Brought forward", "Open the day before the period", "brought_forward", basis=SNAPSHOT),
    Line("X2", "Received", "", "received", basis=EVENT),
    Line("X2", "Reopened", "", "reopened", basis=EVENT),
    Line("X2", "Transferred in", "", "transferred_in", basis=EVENT),
    Line("X2", "Closed", "", "closed", basis=EVENT),
    Line("X2", "Transferred out", "", "transferred_out", basis=EVENT),
    Line("X2", "Carried forward", "", "carried_forward", basis=SNAPSHOT, on_day=True),
    Line("X1", "Actions", "Open and overdue at the end of the period, verified as done in it.", split=True),
)
TABLES = (
    ("Anti-social behaviour case reviews", ASB),
    ("Domestic homicide reviews", DHR),
    ("Offensive weapons homicide reviews", OWHR),
    ("All cases", ALL_CASES),
)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a split: its key, and "3 threshold not met"."""

    part: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with its number. `bases`: a word each for the tags."""

    key: str
    part: str
    title: str
    note: str
    bases: list[str]
    number: int
    parts: list[ShownPart]


def shown(figures: Figures, line: Line) -> ShownLine:
    figure = figures[line.key]
    on_day = f" on {day(figures.period.snapshot)}" if line.on_day else ""
    note = line.note.format_map({key: other.value for key, other in figures.by_id.items()})
    if figure.joint and not line.part:
        note = f"{note.rstrip('.')}. " * bool(note) + f"{figure.joint} in a joint review"
    return ShownLine(
        key=line.key,
        part=line.part,
        title=line.title + on_day,
        note=note,
        bases=[basis.strip().capitalize() for basis in (line.basis or figure.basis).split(",")],
        number=figure.by[line.part] if line.part else figure.value,
        parts=[
            ShownPart(part, number, f"{number}{line.joined} {lower_first(part_words(line.key, part))}")
            for part, number in (figure.by.items() if line.split else ())
        ],
    )


def lower_first(words: str) -> str:
    return words[:1].lower() + words[1:]


def title_of(figures: Figures, key: str, part: str) -> str:
    """What the page calls a figure, or a part of it."""
    lines = [line for _, table in TABLES for line in table if line.key == key]
    named = next((line for line in lines if line.part == part), lines[0] if lines else None)
    title = shown(figures, named).title if named else figures[key].label
    return title if not part or (named and named.part == part) else f"{title}: {part_words(key, part)}"


def tables(figures: Figures) -> list[tuple[str, list[ShownLine]]]:
    return [(caption, [shown(figures, line) for line in lines]) for caption, lines in TABLES]


def time_limits(figures: Figures) -> tuple[list[str], list[tuple[str, str, list[str]]]]:
    """The headings, and for each deadline its key, its name and its numbers."""
    rows = []
    for key, line in figures["A11"].lines.items():
        amounts = {} if isinstance(line, int) else line
        rows.append(
            (key, part_words("A11", key), ["" if amounts[name] is None else f"{amounts[name]}" for name in MEASURES])
        )
    return [words.capitalize() for words in MEASURES.values()], rows


def outcome_chart(figures: Figures) -> BarChart:
    """What became of the applications received, the most first."""
    bars = [
        Bar(part_words("A6" if part in figures["A6"].by else "A5", part), number, part == "reviewed")
        for part, _, number in outcomes(figures)
    ]
    received, reviewed = figures["A1"].value, figures["A6"].value
    count = capitalised(number_word(reviewed)) if reviewed else "None"
    return BarChart(
        headline=f"{count} of {count_of(received, 'application')} went to review",
        about="What became of the applications received in the period",
        part="Outcome",
        counted="Applications",
        bars=sorted(bars, key=lambda bar: -bar.number),
    )


def table_columns(tables: Sequence[tuple[str, list[ShownLine]]]) -> tuple[Sequence[object], Sequence[object]]:
    """The first table beside the others: they are about as long."""
    return tables[:1], tables[1:]

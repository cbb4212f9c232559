"""Figures in words: their parts, why they do not add up, what must not be published as it is, and tables of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tracker.procedures.calendars import spelled
from tracker.procedures.common_steps import HOLD_REASONS
from tracker.procedures.counting import Figure
from tracker.procedures.figures import Figures
from tracker.procedures.figures_asb import REVIEWED, THEMES, TIME_LIMITS

SMALL = 5
FEWER, WITHHELD = f"fewer than {SMALL}", "withheld with it"
# A theme and a place, or who came to a panel, tell who people are where there are few of them.
TELLING = {"A8": "Themes of the behaviour", "A10": "How the victim took part"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

WORDS: Mapping[str, Mapping[str, str]] = {
    "A5": {
        "not_met": "Threshold not met",
        "withdrawn": "Withdrawn",
        "invalid": "Not valid",
        "resolved": "Resolved without a review",
    },
    "A6": {"reviewed": "Reviewed", "still_open": "Still open"},
    "A7": {"agreed": "Agreed", "in_monitoring": "In monitoring at the end", "closed": "Completed or closed"},
    "A8": THEMES,
    "A9": {
        "threshold": "On the threshold decision",
        "conduct": "On the way the review was carried out",
        "upheld": "Upheld",
        "not_upheld": "Not upheld",
    },
    "A10": {
        "independent_chair": "With an independent chair",
        "attended": "Victim attended",
        "represented": "Victim was represented",
        "statement": "Victim’s statement was read",
        "invited_absent": "Victim was invited and did not attend",
        "not_invited": "Victim was not invited",
    },
    "A11": TIME_LIMITS,
    "A13": {"accepted": "Accepted", "partly": "Partly accepted", "refused": "Refused", "no_reply": "No reply"},
    "D2": {"decided_to_review": "Decided to review", "decided_not_to_review": "Decided not to review"},
    "D4": {"first_submission": "First submission", "resubmission": "Resubmission"},
    "D5": {
        "cleared": "Cleared for publication",
        "publish_after_changes": "Publish after changes",
        "resubmit": "Resubmit",
    },
    "D7": {"learning": "Learning only", "executive_summary": "Executive summary only"},
    "D8": dict(HOLD_REASONS),
    "O1": {
        "referrals": "Referrals",
        "duty": "Notices: under a duty",
        "no_duty": "Notices: not under a duty",
        "unable": "Notices: not able to decide",
        "not_required": "No notice required",
        "reviews_arranged": "Reviews arranged",
        "reports_sent": "Reports sent",
    },
    "X1": {"open": "Open at the end", "done": "Done", "overdue": "Overdue at the end"},
    "X2": {
        "brought_forward": "Brought forward",
        "received": "Received",
        "reopened": "Reopened",
        "transferred_in": "Transferred in",
        "closed": "Closed",
        "transferred_out": "Transferred out",
        "carried_forward": "Carried forward",
    },
}
MEASURES = {
    "due_or_met": "due or met",
    "met": "met in time",
    "met_late": "met late",
    "overdue": "overdue",
    "lapsed": "lapsed",
    "open": "not yet due",
    "median_days": "median days to meet",
}
OF_PLANS = {
    "actions_open": "open at the end",
    "actions_done": "done",
    "actions_overdue": "overdue at the end",
    "accepted": "accepted",
    "partly": "partly accepted",
    "refused": "refused",
    "no_reply": "no reply",
}


def part_words(key: str, part: str) -> str:
    """A part of a figure's split as a reader sees it."""
    return WORDS.get(key, {}).get(part, part)


@dataclass(frozen=True, slots=True)
class Row:
    """A number in a table of all figures."""

    key: str
    label: str
    basis: str
    part: str
    number: str


def rows(figures: Figures, *, suppress: bool = False) -> Iterator[Row]:
    """Every number: each figure, then its parts. With *suppress*, none from 1 to 4 can be read or worked out."""
    words = MEASURES | OF_PLANS
    for key, figure in figures.by_id.items():
        hidden = hidden_parts(figure) if suppress else {}
        yield Row(key, figure.label, figure.basis, "", hidden.get("", str(figure.value)))
        for part, number in figure.by.items():
            yield Row(key, figure.label, figure.basis, part_words(key, part), hidden.get(part, str(number)))
        for part, line in figure.lines.items():
            if isinstance(line, int):
                continue
            for measure, amount in line.items():
                shown = "" if amount is None else str(amount)
                if suppress and measure != "median_days" and amount and amount < SMALL:
                    shown = FEWER
                yield Row(key, figure.label, figure.basis, f"{part_words(key, part)}: {words[measure]}", shown)
        if figure.joint:
            yield Row(key, figure.label, figure.basis, "Of them in joint reviews", str(figure.joint))


def hidden_parts(figure: Figure) -> dict[str, str]:
    """What stands in place of small numbers. One alone in a split could be worked out, so the next is withheld too."""
    numbers = {"": figure.value, **figure.by}
    hidden = {part: FEWER for part, number in numbers.items() if 0 < number < SMALL}
    parts = [part for part in hidden if part]
    if len(parts) == 1:
        others = [part for part, number in figure.by.items() if number >= SMALL]
        hidden |= {min(others, key=lambda part: figure.by[part]): WITHHELD} if others else {}
    return hidden


def as_csv(figures: Figures, *, suppress: bool = False) -> str:
    """A table for a spreadsheet, its cells inert."""
    period = figures.period
    days = [period.since.isoformat(), period.until.isoformat(), period.as_at.isoformat()]
    table = [
        [row.key, row.label, row.basis, row.part, row.number, *days, figures.partnership]
        for row in rows(figures, suppress=suppress)
    ]
    head = ["Figure", "Name", "Basis", "Part", "Number", "From", "To", "Data as at", "Partnership"]
    return table_as_csv([head, *table])


def table_as_csv(table: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[inert(cell) for cell in row] for row in table])
    return out.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_text(figures: Figures) -> str:
    """A page for a terminal."""
    period = figures.period
    whose = figures.partnership or "all partnerships"
    lines = [
        f"Figures for {spelled(period.since)} to {spelled(period.until)}, {whose}",
        f"Data as at {spelled(period.as_at)}",
    ]
    for key, figure in figures.by_id.items():
        joint = f", {figure.joint} joint" if figure.joint else ""
        lines += ["", f"{key:<4}{figure.value:>5}  {figure.label} [{figure.basis}{joint}]"]
        lines += [
            f"{'':4}{number:>5}    {part_words(key, part)}{measured(figure, part)}"
            for part, number in figure.by.items()
        ]
    return "\n".join([*lines, "", *reconciliation(figures), *small_numbers(figures)]).rstrip() + "\n"


def measured(figure: Figure, part: str) -> str:
    line = figure.lines.get(part, 0)
    if isinstance(line, int):
        return ""
    shown = [f"{amount} {MEASURES[measure]}" for measure, amount in line.items() if amount and measure != "met"]
    return f" ({', '.join(shown)})" if shown else ""


# -- Why they do not add up -------------------------------------------------------------------------------------------


def reconciliation_heading(figures: Figures) -> str:
    received, not_met, reviewed = (figures[key].value for key in ("A1", "A2", "A3"))
    if received == not_met + reviewed:
        return f"How {received}, {not_met} and {reviewed} come about"
    return f"Why {received} is not {not_met} and {reviewed} together"


def reconciliation(figures: Figures) -> tuple[str, ...]:
    """Sentences that say why applications received (a) are not decisions “not met” (b) and reviews (c) together.

    They seldom are, and are never made to be: (a) counts a period’s applications, (b) and (c) what was done in it.
    """
    if not any(figures[key].value for key in ("A1", "A2", "A3")):
        return ()
    received, not_met, reviewed = (figures[key].cases for key in ("A1", "A2", "A3"))
    since, until = spelled(figures.period.since), spelled(figures.period.until)
    earlier = [
        f"{count} of the {of(whole, thing)}"
        for whole, thing in ((not_met, "decision “not met”"), (reviewed, "review"))
        if (count := sum(1 for reference in whole if reference not in received))
    ]
    sentences = []
    if earlier:
        sentences.append(f"{listed(earlier)} came from applications received before {since}.")
    if again := len(not_met) - len(set(not_met)):
        sentences.append(f"{again} of the {of(not_met, 'decision “not met”')} decided again on the same application.")
    if both := len(set(not_met) & set(reviewed)):
        sentences.append(f"{applications(both)} counted in both: not met, and reviewed nevertheless.")
    if received:
        late = len(set(figures["A6"].cases_by[REVIEWED]) - set(reviewed))
        became = [
            f"{were(number)} {words}" + (f" ({late} of them after {until})" if late and part == REVIEWED else "")
            for part, words, number in outcomes(figures)
            if number
        ]
        sentences.append(f"Of the {len(received)} received, {listed(became)}.")
    return tuple(sentences)


def outcomes(figures: Figures) -> list[tuple[str, str, int]]:
    """What became of the applications received: part, words and number, the ones without a review in the middle."""
    numbers = {**figures["A5"].by, **figures["A6"].by}
    words = {
        "reviewed": "reviewed",
        "not_met": "not met",
        "withdrawn": "withdrawn",
        "invalid": "not valid",
        "resolved": "resolved without a review",
        "still_open": "still open",
    }
    return [(part, said, numbers[part]) for part, said in words.items()]


def were(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def of(counted: Sequence[str], thing: str) -> str:
    first, _, rest = thing.partition(" ")
    return f"{len(counted)} {first}{'' if len(counted) == 1 else 's'}{' ' + rest if rest else ''}"


def applications(count: int) -> str:
    return "1 application is" if count == 1 else f"{count} applications are"


def small_numbers(figures: Figures) -> tuple[str, ...]:
    """Warnings of counts so small that, with the place, they can tell who people are."""
    warnings = []
    for key, about in TELLING.items():
        counted = {part: number for part, number in figures[key].by.items() if part != "independent_chair"}
        few = [part_words(key, part).lower() for part, number in counted.items() if 0 < number < SMALL]
        if few:
            warnings.append(
                f"{about}: fewer than {SMALL} for {listed(few)}. So few, with the place, can tell who people are: "
                "hold them back in what you publish."
            )
    return tuple(warnings)

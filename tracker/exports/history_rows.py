"""The parts of a history as rows of a PDF's tables: each cell is text in its styles."""

from datetime import date

from tracker.exports import typeface
from tracker.exports.typeface import Shown
from tracker.exports.typesetting import LATE, QUIET, Run, Style
from tracker.exports.words import about_source, moment, short_day, short_moment
from tracker.procedures.calendars import spelled
from tracker.procedures.reckoning import OVERDUE
from tracker.queries.history_parts import (
    HistoryComplaint,
    HistoryCriterion,
    HistoryDeadline,
    HistoryEntry,
    HistoryEvent,
    Pairs,
)

Cell = list[Run]
Row = list[Cell]


class Rows:
    """Makes rows. `shown` counts the characters that the typeface does not have."""

    def __init__(self, size: float = 9, leading: float = 12.5) -> None:
        """*size* and *leading* in points."""
        regular, bold = typeface.regular(), typeface.bold()
        self.shown = Shown()
        self.plain = Style(regular, size, leading)
        self.quiet = Style(regular, size, leading, QUIET)
        self.strong = Style(bold, size, leading)
        self.late = Style(bold, size, leading, LATE)
        self.struck = Style(bold, size, leading, QUIET, struck=True)

    def event(self, event: HistoryEvent) -> Row:
        """When it happened, what it was and did, when it was recorded and by whom, its number."""
        label = f"{event.label}, {event.subject}" if event.subject else event.label
        what = [(self.shown(label), self.struck if event.replaced else self.strong)]
        if event.replaced:
            by, on = event.replaced.by, spelled(event.replaced.on)
            what += self.paragraph(f"Replaced by event {by} on {on}: {event.replaced.reason}")
        if event.corrects:
            what += self.paragraph(f"Replaces event {event.corrects}")
        what += self.answers(event.answers)
        for effect in event.effects:
            what += self.paragraph(effect)
        return [
            [(short_day(event.happened_on), self.plain)],
            what,
            [(short_moment(event.recorded_at), self.plain), *self.paragraph(event.recorded_by, self.quiet)],
            [(str(event.number), self.plain)],
        ]

    def deadline(self, deadline: HistoryDeadline) -> Row:
        """When it is due and how it stands, what it is with its working, the rule and its source."""
        due = spelled(deadline.due) if deadline.due else "No date set"
        standing = self.late if deadline.status == OVERDUE else self.plain
        working: Cell = [(self.shown(deadline.title), self.strong)]
        for line in deadline.working:
            working += self.paragraph(line)
        return [
            [(due, self.strong), (f"\n{deadline.standing}", standing)],
            working,
            [(self.shown(about_source(deadline.source)), self.quiet), *self.labelled("Owner", deadline.owner)],
        ]

    def span(self, span: tuple[str, date, date | None]) -> Row:
        """A stage or a hold, from when and until when."""
        what, since, until = span
        until_words = spelled(until) if until else "Now"
        return [[(self.shown(what), self.plain)], [(spelled(since), self.plain)], [(until_words, self.plain)]]

    def criterion(self, criterion: HistoryCriterion) -> Row:
        """A criterion and its source, the answer, the evidence."""
        return [
            [(self.shown(criterion.label), self.plain), *self.paragraph(criterion.source, self.quiet)],
            [(self.shown(criterion.met or "Not answered"), self.strong)],
            [(self.shown(criterion.evidence), self.plain)],
        ]

    def complaint(self, complaint: HistoryComplaint) -> Row:
        """To whom it was made, both its dates, and what the two tests make of it."""
        told, statutory, local = complaint.complaint, complaint.statutory, complaint.local
        what: Cell = [(f"{complaint.number}. {self.shown(told.body or 'Body not recorded')}", self.strong)]
        for label, text in (("Incident", told.incident), ("By", told.by), ("Hate", "yes" if told.hate else "")):
            what += self.labelled(label, text)
        once = "Counted once" if statutory.counted_once_with else "Counts"
        return [
            what,
            [(short_day(told.behaviour_on) if told.behaviour_on else "Not known", self.plain)],
            [(short_day(told.reported_on) if told.reported_on else "Not known", self.plain)],
            [(once if statutory.qualifies else "Does not count", self.strong), *self.paragraph(statutory.why)],
            [("Counts" if local.counts else "Does not count", self.strong), *self.paragraph(local.why)],
        ]

    def entry(self, entry: HistoryEntry) -> Row:
        """Number, when, who, what."""
        return [
            [(f"{entry.number:,}", self.plain)],
            [(moment(entry.at), self.plain)],
            [(self.shown(entry.actor), self.plain)],
            [(self.shown(entry.label), self.strong), *self.answers(entry.particulars)],
        ]

    def pair(self, term: str, what: str) -> Row:
        """A term and what is said of it."""
        return [[(term, self.quiet)], [(self.shown(what), self.plain)]]

    def answers(self, pairs: Pairs) -> Cell:
        """Each label with its answer, on lines of their own."""
        return [run for label, answer in pairs for run in self.labelled(label, answer)]

    def labelled(self, label: str, text: str) -> Cell:
        """A label and its text on a new line; nothing without text."""
        colon = "" if label.endswith(("?", ":")) else ":"
        return [(f"\n{self.shown(label)}{colon}", self.quiet), (self.shown(text), self.plain)] if text else []

    def paragraph(self, text: str, style: Style | None = None) -> Cell:
        """Text on a new line; nothing without text."""
        return [(f"\n{self.shown(text)}", style or self.plain)] if text else []

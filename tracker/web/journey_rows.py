"""What the journey of a case shows: a row for each stage, and what is told of it in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.procedures.reckoning import Deadline, Reckoning
from tracker.procedures.settings import Settings
from tracker.procedures.state import HoldSpan
from tracker.procedures.vocabulary import CLOSED, DeadlineRule, Move, Procedure, Stage, Trigger, uncapitalised
from tracker.web.case_words import capitalised, lasting, reason_words, span
from tracker.web.filters import day
from tracker.web.journey_marks import Mark, marks_of

PAST, CURRENT, AHEAD = "past", "current", "ahead"


@dataclass(frozen=True, slots=True)
class Bar:
    """Time spent in a stage. Until None: the case is in it still."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """A stage of the case. `state`: past, current or ahead; `then`: the time that will run once it is reached."""

    label: str
    state: str
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()
    holds: tuple[HoldSpan, ...] = ()
    waits: bool = False
    then: str = ""

    @property
    def due(self) -> date | None:
        """The last day on which something of the current stage is due."""
        return max((mark.on for mark in self.marks if not mark.is_done), default=None)


@dataclass(frozen=True, slots=True)
class Told:
    """A stage in words: its lines, each with the kind of status it is, or "quiet", or nothing."""

    label: str
    state: str
    lines: tuple[tuple[str, str], ...]


def rows_of(reckoning: Reckoning, settings: Settings) -> list[Row]:
    """The stages the case has been in, as it came to them, and those ahead on the usual way."""
    visited = [key for key in dict.fromkeys(span.stage for span in reckoning.spans) if is_shown(key, reckoning)]
    placed = deadlines_by_stage(reckoning, visited)
    rows = []
    for key in visited:
        spans = [span for span in reckoning.spans if span.stage == key]
        bars = tuple(Bar(span.since, span.until) for span in spans)
        current = key == reckoning.stage and not reckoning.is_closed
        rows.append(
            Row(
                label=reckoning.procedure.stage(key).label,
                state=CURRENT if current else PAST,
                bars=bars,
                marks=tuple(marks_of(placed[key], reckoning)),
                holds=tuple(hold for hold in reckoning.holds if falls_in(hold, bars)),
                waits=any(deadline.is_open and deadline.due is None for deadline in placed[key]),
            )
        )
    ahead = stages_ahead(reckoning, visited)
    return rows + [
        Row(stage.label, AHEAD, then=time_in(reckoning.procedure, settings, stage.key, reckoning.today))
        for stage in ahead
    ]


def is_shown(stage: str, reckoning: Reckoning) -> bool:
    """Being closed is no stage of the journey, unless the case was opened again."""
    return stage != CLOSED or any(span.stage == CLOSED and span.until for span in reckoning.spans)


def falls_in(hold: HoldSpan, bars: Iterable[Bar]) -> bool:
    return any(
        (hold.until is None or hold.until > bar.since) and (bar.until is None or hold.since < bar.until) for bar in bars
    )


def stages_ahead(reckoning: Reckoning, visited: Sequence[str]) -> list[Stage]:
    """What usually follows: nothing that is guessed, so no branch that only some cases take."""
    procedure = reckoning.procedure
    here = next(
        (span.stage for span in reversed(reckoning.spans) if not procedure.stage(span.stage).detour), reckoning.stage
    )
    if reckoning.is_closed or not procedure.stage(here).drawn:
        return []
    stages = list(procedure.stages)
    after = stages[stages.index(procedure.stage(here)) + 1 :]
    return [
        stage
        for stage in after
        if stage.drawn and not stage.detour and stage.key != CLOSED and stage.key not in visited
    ]


# -- The time a stage takes -------------------------------------------------------------------------------------------


def moves_on(procedure: Procedure, rule: DeadlineRule, stage: str) -> bool:
    """Whether meeting the deadline may take a case out of the stage: then the stage lasts until it is met."""
    steps = [procedure.step(trigger.step) for trigger in rule.met_by]
    return any(
        move.to != stage and (not move.from_stages or stage in move.from_stages)
        for step in steps
        if step
        for move in step.moves
    )


def time_in(procedure: Procedure, settings: Settings, stage: str, on: date) -> str:
    """The period that will run in a stage once it is reached, as "6 months"; empty where none does."""
    for stated in procedure.deadlines:
        rule = settings.rule_on(stated, on)
        starts = (*rule.starts, *rule.restarts)
        if rule.window or not moves_on(procedure, rule, stage):
            continue
        if any(leads_to(procedure, trigger, stage) for trigger in starts):
            return rule.period.words()
    return ""


def leads_to(procedure: Procedure, trigger: Trigger, stage: str) -> bool:
    step = procedure.step(trigger.step)
    moves = step.moves if step else ()
    return any(move.to == stage and agree(trigger, move) for move in moves)


def agree(trigger: Trigger, move: Move) -> bool:
    """Whether one answer may both start the clock and make the move."""
    needed = dict(move.when)
    return all(key not in needed or set(values) & set(needed[key]) for key, values in trigger.where)


# -- Which deadlines stand in which row ------------------------------------------------------------------------------


def deadlines_by_stage(reckoning: Reckoning, visited: Sequence[str]) -> dict[str, list[Deadline]]:
    """Each deadline in the stage in which it was met, or in the present one while it is open."""
    stages = {past.event.number: past.stage_before for past in reckoning.history}
    last = next((span.stage for span in reversed(reckoning.spans) if span.stage in visited), visited[0])
    placed: dict[str, list[Deadline]] = {key: [] for key in visited}
    for deadline in reckoning.deadlines:
        if deadline.is_open:
            placed[last].append(deadline)
        elif deadline.met_number:
            stage = stages[deadline.met_number]
            placed[stage if stage in placed else last].append(deadline)
    return placed


# -- The list ---------------------------------------------------------------------------------------------------------


def told_of(rows: Sequence[Row], today: date) -> list[Told]:
    """The rows as a list that is read: it says what the picture shows."""
    return [Told(row.label, row.state, tuple(lines_of(row, today))) for row in rows]


def lines_of(row: Row, today: date) -> list[tuple[str, str]]:
    if row.state == AHEAD:
        return [("quiet", ahead_words(row))]
    lines = [("", stay_words(row, today))]
    lines += [("", f"{hold_words(hold)}.") for hold in row.holds]
    lines += [("late" if mark.status == "late" else "", mark.told) for mark in row.marks if mark.moved_from]
    done = [mark.told for mark in row.marks if mark.is_done and not mark.moved_from]
    if done:
        late = any(mark.symbol == "metlate" for mark in row.marks if not mark.moved_from)
        lines.append(("metlate" if late else "met", f"Met: {'; '.join(uncapitalised(words) for words in done)}"))
    lines += [(mark.status, mark.told) for mark in row.marks if not mark.is_done and not mark.moved_from]
    return lines


def ahead_words(row: Row) -> str:
    if not row.then:
        return "Not started."
    return f"Not started. {capitalised(row.then)}{'' if 'limit' in row.then else ' from when it is reached'}."


def stay_words(row: Row, today: date) -> str:
    """How long the case was in the stage, or is."""
    past = [span(bar.since, bar.until) for bar in row.bars if bar.until]
    if row.state != CURRENT:
        return f"{', and again '.join(past)}."
    since = row.bars[-1].since
    words = f"Since {day(since)}: {lasting((today - since).days)} so far"
    if row.due and row.due > today:
        words += f", {lasting((row.due - today).days)} left"
    elif row.waits and not row.due:
        words += ", no time limit is set"
    return f"{words}. Today is {day(today)}." + (f" Before that {', and '.join(past)}." if past else "")


def hold_words(hold: HoldSpan) -> str:
    when = span(hold.since, hold.until) if hold.until else f"since {day(hold.since)}"
    return f"On hold {when}" + (f": {reason_words(hold.reason)}" if hold.reason else "")

"""The due dates of a stage as a journey shows them: a mark each, or one for several alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tracker.procedures.reckoning import MET, MET_LATE, OVERDUE, Deadline, Reckoning
from tracker.procedures.vocabulary import Name, uncapitalised
from tracker.web.case_words import listed, title_of
from tracker.web.filters import day, status_of

LONGEST_SUBJECT = 26  # characters of a name beside a mark


@dataclass(frozen=True, slots=True)
class Mark:
    """A due date, or several alike that stand together at the last of them.

    `symbol`: met, metlate, due or late. `words` hold no dates where the picture adds them: of one still due, and of
    one that was extended. `late`: how many of `count` were met late. `met_on`: of a single one. `told`: for the list.
    """

    on: date
    symbol: str
    words: str
    told: str
    status: str = ""
    count: int = 1
    late: int = 0
    met_on: date | None = None
    moved_from: date | None = None
    times_moved: int = 0

    @property
    def is_done(self) -> bool:
        return self.symbol in (MET, "metlate")


def marks_of(deadlines: Sequence[Deadline], reckoning: Reckoning) -> list[Mark]:
    """The marks of one row, in the order of the procedure; those alike together."""
    marks: list[Mark] = []
    for key in dict.fromkeys(deadline.key for deadline in deadlines):
        alike = [deadline for deadline in deadlines if deadline.key == key and deadline.due]
        marks += [moved_mark(deadline, reckoning.today) for deadline in alike if deadline.extensions]
        plain = [deadline for deadline in alike if not deadline.extensions]
        done = [deadline for deadline in plain if deadline.status in (MET, MET_LATE)]
        if done:
            marks.append(done_mark(done, reckoning))
        for late in (True, False):
            running = [deadline for deadline in plain if deadline.is_open and (deadline.status == OVERDUE) is late]
            marks += open_marks(running, reckoning.today)
    return sorted(marks, key=lambda mark: mark.on)


def due_of(deadline: Deadline) -> date:
    """The due date, of a deadline that has one: no other has a mark."""
    return deadline.due or deadline.started_on


def symbol_of(deadline: Deadline) -> str:
    return {MET: "met", MET_LATE: "metlate", OVERDUE: "late"}.get(deadline.status, "due")


def done_mark(done: Sequence[Deadline], reckoning: Reckoning) -> Mark:
    """What was met of one kind: at the last due date."""
    first = done[0]
    name = first.name
    late = sum(1 for deadline in done if deadline.status == MET_LATE)
    symbol = "metlate" if late else "met"
    words = name.mark
    if first.subject:
        asked = {each.subject for each in reckoning.deadlines if each.key == first.key and each.status != "cancelled"}
        replied = len({deadline.subject for deadline in done})
        if len(asked) > 1:
            words = f"{replied} of {len(asked)} {name.many}"
    elif len(done) > 1:
        words = f"{len(done)} {name.many}" if name.many else f"{name.mark}, {len(done)} times"
    met_on = first.met_on if len(done) == 1 else None
    how = status_of(first, reckoning.today)[1].removeprefix("Met").strip(", ")
    told = f"{words}, {how}" if len(done) == 1 else f"{words}{f', {late} late' if late else ''}"
    return Mark(max(map(due_of, done)), symbol, words, told, symbol, len(done), late, met_on)


def open_marks(running: Sequence[Deadline], today: date) -> list[Mark]:
    """What still runs of one kind: a mark each, or one for all that fall on the same day."""
    marks = []
    for due in sorted({due_of(deadline) for deadline in running}):
        same = [deadline for deadline in running if deadline.due == due]
        first, name = same[0], same[0].name
        kind, when = status_of(first, today)
        whose = listed([each.subject for each in same if each.subject])
        told = f"{first.title}: {whose}" if whose else first.title
        told = f"{told}, due {day(due)}: {uncapitalised(when)}"
        marks.append(Mark(due, symbol_of(first), open_words(same, name), told, kind, len(same)))
    return marks


def open_words(same: Sequence[Deadline], name: Name) -> str:
    """Whose it is where that is short, else what."""
    subject = same[0].subject
    if not subject:
        return name.mark
    if len(same) > 1:
        return f"{len(same)} {name.many}"
    return subject if len(subject) <= LONGEST_SUBJECT else name.mark


def moved_mark(deadline: Deadline, today: date) -> Mark:
    kind, when = status_of(deadline, today)
    moved_from = deadline.original_due or due_of(deadline)
    told = f"{title_of(deadline)}: due {day(moved_from)}, extended to {day(due_of(deadline))}. {when}."
    return Mark(
        due_of(deadline),
        symbol_of(deadline),
        open_words([deadline], deadline.name),
        told,
        kind,
        met_on=deadline.met_on,
        moved_from=moved_from,
        times_moved=len(deadline.extensions),
    )


def can_merge(marks: Iterable[Mark]) -> bool:
    return sum(1 for mark in marks if mark.is_done) > 1


def merged(marks: Sequence[Mark]) -> list[Mark]:
    """The marks with the nearest two of those that were met as one."""
    done = sorted((mark for mark in marks if mark.is_done), key=lambda mark: mark.on)
    first, second = min(pairwise(done), key=lambda pair: (pair[1].on - pair[0].on).days)
    count = first.count + second.count
    late = first.late + second.late
    both = Mark(second.on, "metlate" if late else "met", f"{count} met", "", count=count, late=late)
    return [*(mark for mark in marks if mark not in (first, second)), both]

"""What may be recorded on a case now, by the person who looks at it: what meets the next deadline first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for

from tracker.procedures.reckoning import Deadline
from tracker.procedures.vocabulary import CLOSED, Effect, Step
from tracker.web.cases.opened import OpenedCase
from tracker.web.frame import ROLE_WORDS

MOST_LINKS = 5


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Recordable:
    """`main`: one step, or each of those that decide between them. `note`: why there is no more."""

    main: tuple[Link, ...] = ()
    others: tuple[Link, ...] = ()
    everything: str = ""
    note: str = ""


def recordable(opened: OpenedCase) -> Recordable:
    """Nothing but a note for somebody who only reads."""
    if not opened.steps_now:
        return Recordable(note="You may read this case. Nothing is for you to record on it now.")
    main = main_steps(opened)
    others = [link for link in other_links(opened) if link not in main][:MOST_LINKS]
    everything = url_for("steps.index", reference=opened.reference)
    return Recordable(tuple(main), tuple(others), everything, waits_for_others(opened))


def main_steps(opened: OpenedCase) -> list[Link]:
    """What meets the next deadline that this person may meet; all of them where they are a decision to make."""
    now = opened.steps_now
    for deadline in opened.reckoning.open_deadlines:
        steps = [now[key] for key in opened.meets(deadline) if key in now and not deadline.window]
        if steps:
            decide = [step for step in steps if step.decides]
            return [link_to(opened, step, deadline) for step in decide or steps[:1]]
    if opened.reckoning.ready_to_close and CLOSED in now:
        return [link_to(opened, now[CLOSED])]
    return []


def decisions(opened: OpenedCase) -> list[Link]:
    """The decisions that an open deadline waits for, and that this person may record."""
    now = opened.steps_now
    keys = dict.fromkeys(key for deadline in opened.reckoning.open_deadlines for key in opened.meets(deadline))
    return [link_to(opened, now[key]) for key in keys if key in now and now[key].decides]


def other_links(opened: OpenedCase) -> Iterator[Link]:
    """What meets the other deadlines, then what the stage usually brings, then a new date."""
    now = opened.steps_now
    seen: set[str] = set()
    for deadline in opened.reckoning.open_deadlines:
        for key in opened.meets(deadline):
            if key in now and key not in seen:
                seen.add(key)
                yield link_to(opened, now[key], deadline)
                break
    usual = [step for step in now.values() if step.effect is Effect.NONE and not ends_case(step)]
    extending = [step for step in now.values() if step.effect is Effect.EXTENDED]
    room = max(0, MOST_LINKS - len(seen) - len(extending))
    recorded = {past.step.key for past in opened.reckoning.history}
    # What has not happened yet is likelier than what has.
    for step in sorted((step for step in usual if step.key not in seen), key=lambda step: step.key in recorded)[:room]:
        yield link_to(opened, step)
    for step in extending:
        yield link_to(opened, step)


def ends_case(step: Step) -> bool:
    return any(move.to == CLOSED for move in step.moves)


def link_to(opened: OpenedCase, step: Step, deadline: Deadline | None = None) -> Link:
    subject = deadline.subject if deadline and step.subject else None
    words = f"{step.label}: {subject}" if subject else step.label
    filled: dict[str, Any] = {"subject": subject} if subject else {}
    return Link(words, url_for("steps.record", reference=opened.reference, key=step.key, **filled))


def waits_for_others(opened: OpenedCase) -> str:
    """Who records what the next deadline needs, where this person may not."""
    upcoming = opened.reckoning.next_deadline
    if upcoming is None:
        return ""
    steps = [opened.reckoning.procedure.step(key) for key in opened.meets(upcoming)]
    needed = [step for step in steps if step and step.key in opened.reckoning.open_steps]
    if not needed or any(step.key in opened.steps_now for step in needed):
        return ""
    roles = [words for role, words in ROLE_WORDS.items() if role.value in needed[0].by]
    return f"“{needed[0].label}” is recorded by the {' or the '.join(roles)}."

"""A target in words that say all of it whatever its text, and read back as the same: “Month, by 30/06/2024”.

An export has them beside a text that does not tell by itself, so that the plan comes in again without its questions.
"""

import re
from dataclasses import replace
from datetime import date

from tracker.procedures.target_dates import Asked, Target, read_target

DAY = r"\d\d/\d\d/\d{4}"
WORDS = re.compile(
    r"(?P<precision>[A-Z][a-z]+(?: by)?)"
    rf"(?:, (?:(?P<by>by )?(?:(?P<since>{DAY}) to |(?P<from>from )?)(?P<until>{DAY})))?"
    r"(?:, on (?P<event>[a-z_]+))?(?:, (?P<months>\d+) months)?(?:, (?P<days>\d+) days)?"
)


def target_in_words(target: Target) -> str:
    """All of the target but its text."""
    parts = [target.precision.replace("_", " ").capitalize()]
    since, until = target.since, target.until or target.review_by
    if since and until and since != until:
        parts.append(f"{spelled(since)} to {spelled(until)}")
    elif since and not until:
        parts.append(f"from {spelled(since)}")
    elif until:
        parts.append(("" if since or target.review_by else "by ") + spelled(until))
    if target.event:
        parts.append(f"on {target.event}")
    parts += [f"{count} {unit}" for count, unit in ((target.months, "months"), (target.days, "days")) if count]
    return ", ".join(parts)


def target_from_words(words: str) -> Target | None:
    """What `target_in_words` says, without the text; None where the words are not of that kind."""
    found = WORDS.fullmatch(words.strip())
    if found is None:
        return None
    try:
        since, until = (day_in(found[name]) for name in ("since", "until"))
    except ValueError:
        return None
    target = Target(
        precision=found["precision"].lower().replace(" ", "_"),
        event=found["event"] or "",
        months=int(found["months"] or 0),
        days=int(found["days"] or 0),
    )
    if target.precision == "review_by":
        return replace(target, review_by=until)
    if found["from"]:
        return replace(target, since=until)
    return replace(target, since=since if since or found["by"] else until, until=until)


def worked_out(target: Target) -> str:
    """The words that an export needs beside the text of a target: none where the text tells all by itself."""
    return target_in_words(target) if isinstance(read_target(target.text), Asked) else ""


def spelled(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04}"


def day_in(words: str | None) -> date | None:
    return date(int(words[6:]), int(words[3:5]), int(words[:2])) if words else None

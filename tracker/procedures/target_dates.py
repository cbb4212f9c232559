"""Target dates as plans write them: the text is kept, and read as the days that it spans.

“By” and a month mean its last day. Neither a year is guessed nor whether a quarter is financial or calendar: that is
asked. A date that no calendar has is refused. A relative one waits on its event; no date asks for a day to review by.

Source: action plans, section 5 of the domain reference.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from tracker.procedures.date_phrases import Phrase, phrases
from tracker.procedures.date_spans import WHICH_DAY, WHICH_QUARTERS, WHICH_YEAR, NoSuchDay

__all__ = ["REVIEW_BY", "WHICH_QUARTERS", "Asked", "Impossible", "Reading", "Target", "on_day", "read_target"]

LONGEST = 20_000
REVIEW_BY = "by what date should it be reviewed?"
WHICH_DATE = "which of these dates is the target?"
COUNTED_FROM = "counted from what, or by what date?"
HOW_LONG_AFTER = "how long after it, or by what date?"
SPREADSHEET_EPOCH = date(1899, 12, 30)

NOTHING = re.compile(r"(?:n\s*/?\s*a|not applicable|none|nil|-+|)")
DONE = re.compile(r"(?:already |now |action )?(?:completed?|done|closed|achieved|implemented|delivered)\b(?!\s+by)")
NO_DATE = re.compile(
    r"\b(?:on-?\s?going|continu(?:ous|ing|al)(?:ly)?|rolling|tb[cad]|to be (?:confirmed|agreed|decided|advised)|"
    r"business as usual|bau|unknown|not known|awaited|asap|as soon as (?:possible|practicable)|immediate(?:ly)?)\b"
)
NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "eighteen": 18, "a": 1,
}  # fmt: skip
RECURRING = re.compile(
    r"\b(?:daily|weekly|fortnightly|(?:bi-?)?monthly|quarterly|termly|half[- ]?yearly|(?:bi-?|semi-?)?annual(?:ly)?|"
    r"yearly|(?:every|each) (?:\w+ )?(?:day|week|fortnight|month|quarter|term|year)s?|per (?:quarter|year|annum))\b"
)
# What plans wait on, by the step that records it.
EVENTS = (
    (r"(?:submission|submitted|submitting|sent) to (?:the )?(?:home office|qa|quality assurance)", "submitted_to_qa"),
    (r"(?:home office|qa|quality assurance)(?: panel)? (?:feedback|approval|clearance|letter|sign[- ]?off)",
     "qa_feedback_received"),
    (r"publication|publish(?:ed|ing)?", "published"),
    (r"(?:action )?plan (?:is |being |has been |was )?(?:agreed|approved)|(?:agreement|approval) of (?:the |this )?"
     r"(?:action )?plan", "action_plan_agreed"),
    (r"sign(?:ed|ing)?[- ]?off", "partnership_signed_off"),
)  # fmt: skip
LENGTH = re.compile(
    r"(?P<n>\d{1,3}|" + "|".join(NUMBERS) + r")[\s-]*(?:calendar )?(?P<unit>day|week|month|year)s?(?: of| after| from|"
    r" following| post|,|$|-|\s)"
)
COUNTS_ON = re.compile(LENGTH.pattern + r"\s*$")  # six months from the date that stands next
AFTER = re.compile(r"\b(?:after|following|post|since)\b")
RANGE_BETWEEN = re.compile(r"\s*(?:-|to|until|till|through|up to|and)\s*")
OPEN_START = re.compile(r"(?:^|\b)(?:from|after|since|starting|commencing|not before|beginning)(?: in| on)?\s*$")
NOT_OPEN = re.compile(r"\bnot (?:later|after)|\bbeginning of|\bstart of")
WEEK = re.compile(r"\b(?:w\s*/?\s*(?P<how>[ceb])|week (?P<word>commencing|beginning|ending|of))\W*$")
ONWARDS = re.compile(r"[\s,-]*onwards?\b")
CLOSES = re.compile(
    r"\b(?:by|no later than|not later than|before|prior to|end(?:ing)?(?: of)?|until|erbyn|diwedd)(?: the)?(?: end of)?"
    r"(?: the)?\s*$"
)
STRICTLY_BEFORE = re.compile(r"\b(?:before|prior to)\s*$")
REVIEWED = re.compile(r"\b(?:review(?:ed)?|revisit(?:ed)?)\b")
BENIGN = re.compile(
    r"\b(?:by|the|end|of|during|in|year|financial|fy|before|prior|to|early|mid|late|beginning|start|from|throughout|for|"
    r"completed?|calendar|target|date|due|no|later|than|not|revised|until|term)\b|[\W_]"
)


@dataclass(frozen=True, slots=True)
class Target:
    """A target as written, and the days it spans. `until` is the last; a date with “by” has no `since`.

    `precision`: day, month, quarter, season, year, range, event, recurring, review_by or none. One that waits on an
    `event` ends `months` and `days` after it. `review_by`: the day to review it by, where it has no date.
    """

    text: str = ""
    since: date | None = None
    until: date | None = None
    precision: str = "none"
    event: str = ""
    months: int = 0
    days: int = 0
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What must be known before the text can be read."""

    text: str
    ask: str


@dataclass(frozen=True, slots=True)
class Impossible:
    """Why a text cannot be a date, and how to mend it."""

    text: str
    why: str
    mend: str


Reading: TypeAlias = Target | Asked | Impossible


def read_target(text: str, *, quarters: str = "", answers: Mapping[str, str] | None = None) -> Reading:
    """What a target's text means. Never raises, whatever the text.

    Args:
        quarters: what quarters of a single year are, "financial" or "calendar", if that is known.
        answers: texts that were asked about, each with the text that says what it means.
    """
    kept = text.strip()
    try:
        reading = read(kept, quarters)
        if isinstance(reading, Asked) and (answer := (answers or {}).get(key_of(kept), "").strip()):
            return answered(kept, read(answer, quarters), reading)
    except NoSuchDay as wrong:
        return Impossible(kept, wrong.why, wrong.mend)
    return reading


def key_of(text: str) -> str:
    """The form in which a text asked about is looked up: small letters, single blanks."""
    return " ".join(text.split()).casefold()


def answered(text: str, meant: Reading, asked: Asked) -> Reading:
    """The answer, under the words that were asked about."""
    if not isinstance(meant, Target) or meant.precision in ("none", "review_by"):
        return asked
    if asked.ask == REVIEW_BY:
        if meant.until is None:
            return asked
        return Target(text, precision="review_by", review_by=meant.until)
    return replace(meant, text=text)


def on_day(day: date, text: str) -> Target:
    return Target(text, day, day, "day")


def read(text: str, quarters: str) -> Reading:
    plain = " ".join(text.translate(PLAIN).split()).casefold().strip(' .;:"“”')
    if len(text) > LONGEST:
        return Asked(text[:100], REVIEW_BY)
    if NOTHING.fullmatch(plain):
        return Target(text)
    if serial := re.fullmatch(r"([3-7]\d{4})(?:\.0+)?", plain):
        return on_day(SPREADSHEET_EPOCH + timedelta(days=int(serial[1])), text)
    found = phrases(plain, quarters)
    dated = [each for each in found if each.until]
    if not dated:
        return undated(text, plain, found)
    if ask := next((each.ask for each in found if each.ask), ""):
        return Asked(text, WHICH_DATE if ask == WHICH_YEAR else ask)  # the other date has a year
    if len(dated) == 1:
        return single(text, plain, dated[0])
    return several(text, plain, dated)


PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "‒": "-", "’": "'", "‘": "'", "\u200b": None})


def single(text: str, plain: str, found: Phrase) -> Reading:
    before, after = plain[: found.start].rstrip(" ,:(-"), plain[found.end :]
    since, until, precision = found.since, found.until, found.precision
    if since is None or until is None:
        return Asked(text, found.ask or REVIEW_BY)
    if precision == "year" and BENIGN.sub("", before + " " + after):
        return Asked(text, REVIEW_BY if NO_DATE.search(plain) else WHICH_DAY)
    if NO_DATE.search(plain) and REVIEWED.search(before):
        return Target(text, precision="review_by", review_by=until)
    if precision == "day" and (week := WEEK.search(before)):
        ends = (week["how"] or week["word"])[0] == "e"
        week_from = until - timedelta(days=6) if ends else since
        return Target(text, week_from, week_from + timedelta(days=6), "range")
    if relative := relative_to(before):
        return Target(text, precision="event", event=relative[0], months=relative[1], days=relative[2])
    if RECURRING.search(plain):
        if OPEN_START.search(before):
            return Target(text, since, None, "recurring")
        if re.search(r"\b(?:until|till|to)\s*$", before):
            return Target(text, None, until, "recurring")
    if ask := asked_beside(precision, before, after):
        return Asked(text, ask)
    if STRICTLY_BEFORE.search(before):
        return Target(text, None, since - timedelta(days=1), precision)
    return Target(text, None if CLOSES.search(before) else since, until, precision)


def asked_beside(precision: str, before: str, after: str) -> str:
    """What a date's neighbours leave open: it only begins something, or something is counted from it."""
    if COUNTS_ON.search(before):
        return WHICH_DAY
    begins = OPEN_START.search(before) and not NOT_OPEN.search(before) and precision != "range"
    return REVIEW_BY if begins or ONWARDS.match(after) else ""


def several(text: str, plain: str, found: list[Phrase]) -> Reading:
    """A range, where two dates are written as one; otherwise only the plan's keeper knows which of them it is."""
    first, last, *more = found[0], found[-1], *found[2:]
    between = plain[first.end : last.start]
    joined = RANGE_BETWEEN.fullmatch(between.strip(" ,()"))
    if "and" in between.split() and "between" not in plain[: first.start]:
        joined = None
    if len({(each.since, each.until) for each in found}) == 1:
        return single(text, plain, first)
    if more or not joined or first.since is None or last.until is None:
        return Asked(text, WHICH_DATE)
    if last.until < first.since:
        raise NoSuchDay("The range ends before it begins", "Write the earlier date first")
    return Target(text, first.since, last.until, "range")


def undated(text: str, plain: str, found: list[Phrase]) -> Reading:
    if relative := relative_to(plain):
        event, months, days = relative
        if not months and not days and AFTER.search(plain):
            return Asked(text, HOW_LONG_AFTER)
        return Target(text, precision="event", event=event, months=months, days=days)
    if RECURRING.search(plain):
        return Target(text, precision="recurring")
    if DONE.match(plain):
        return Target(text)
    if found and not NO_DATE.search(plain):
        return Asked(text, found[0].ask)
    return Asked(text, COUNTED_FROM if LENGTH.search(plain) and not NO_DATE.search(plain) else REVIEW_BY)


def relative_to(plain: str) -> tuple[str, int, int] | None:
    """The event that a target waits on, and the months and days after it."""
    event = next((step for pattern, step in EVENTS if re.search(rf"\b(?:{pattern})\b", plain)), None)
    if event is None:
        return None
    length = LENGTH.search(plain)
    if length is None or re.search(r"\b(?:before|prior to)\b", plain):
        return event, 0, 0
    count = NUMBERS.get(length["n"]) or int(length["n"])
    units = {"day": (0, count), "week": (0, 7 * count), "month": (count, 0), "year": (12 * count, 0)}
    return event, *units[length["unit"]]

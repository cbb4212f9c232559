"""The columns of an action plan's table: those of the Home Office template, and what others call them.

Source: action plan columns of the Home Office template, section 1 of the domain reference.
"""

import re
from collections.abc import Mapping, Sequence

HEADINGS: Mapping[str, str] = {
    "recommendation": "Recommendation",
    "scope": "Scope",
    "action": "Action to take",
    "lead_agency": "Lead agency",
    "milestones": "Key milestones achieved in enacting the recommendation",
    "target": "Target date",
    "completion": "Date of completion and outcome",
}
OURS: Mapping[str, str] = {
    "owner": "Owner", "worked_out": "Target date worked out", "status": "Status", "rag": "RAG",
    "number": "Number of the recommendation",
}  # fmt: skip
OTHERS: Mapping[str, str] = {
    "number": OURS["number"],
    "owner": OURS["owner"],
    "progress": "Progress",
    "revised": "Revised target date",
    "outcome": "Outcome",
    "status": OURS["status"],
}
COLUMNS: Mapping[str, str] = {**HEADINGS, **OTHERS}  # whatever somebody may say that a heading is
REQUIRED = ("recommendation", "action")
LONGEST_HEADING = 100
FEWEST = 3  # columns that must be known before a row is taken for the headings

# By the letters and figures of a heading alone; the first that fits is it.
NAMES: tuple[tuple[str, str], ...] = (
    ("worked_out", r"targetdateworkedout"),
    ("status", r"(current|action)?status|statusofaction"),
    ("rag", r"b?rag|b?rag(rating|status)"),
    ("number", r"|no|num|number|ref|reference|id|item|rec(ommendation)?s?(no|num|number|ref|reference|id)|"
               r"numberoftherecommendation"),
    ("ignored", r"action(no|number|ref|reference|id)"),
    ("owner", r"(action)?owner|(action|lead|responsible|named)(officer|person|owner|name|manager)|officer"),
    ("scope", r"scope.*|localregional.*|(geographic)?level(ofrecommendation)?"),
    ("completion", r"(date)?(of)?(action)?complet(ed|ion)(date|on)?(and|with)?(outcomes?)?(achieved)?|completeddate"),
    ("completion", r"dateofcompletion.*"),
    ("outcome", r"outcomes?|results?|impact|outcomesandimpact"),
    ("revised", r"(revised|new|extended|updated|amended)(target|due|completion)?(date|deadline|timescale)|"
                r"(target|due)date(revised|extended|amended)|deadlinerevised"),
    ("target", r".*target.*|(date)?due(date|by)?|datedue|deadline|(by)?when|time(scales?|frames?|line)|"
               r"complet(e|ion)by"),
    ("milestones", r".*milestone.*"),
    ("progress", r"(progress|latest|current)?(updates?|progress|position|comments?)(todate)?"),
    ("lead_agency", r"(lead|responsible|owning)?(agency|agencies|organisations?|partners?|lead|body)|lead|responsible|"
                    r"(by)?who(m)?(leads)?|ledby|responsibility|lead(agency|organisation).*|agencyresponsible"),
    ("action", r"actions?(to(be)?take(n)?|required|needed|points?|agreed|planned)?|whatwillwedo|proposedactions?"),
    ("recommendation", r"recommendations?.*|recs?"),
)  # fmt: skip
# What a heading probably names, where none says it in so many words.
LIKELY: tuple[tuple[str, str], ...] = (
    ("ignored", r".*(start|updated).*|(next|last|dateof)?review(ed)?(date|on)?"),
    ("target", r".*(deadline|timescale|timeframe|due|bywhen).*"),
    ("completion", r".*date.*complet.*|.*complet.*date.*"),
    ("outcome", r".*(outcome|impact|evidence).*"),
    ("owner", r".*(owner|officer|person).*"),
    ("progress", r".*(progress|position|update).*"),
    ("lead_agency", r"(action)?(lead|responsible).*"),
    ("action", r".*action.*"),
    ("lead_agency", r".*(agency|agencies|organisation|responsib|lead).*"),
    ("recommendation", r".*recommendation.*|priorityareas?|objectives?|learning(points?)?|lessons?(learn(ed|t))?"),
)
Patterns = Sequence[tuple[str, re.Pattern[str]]]
EXACT, PROBABLE = (tuple((key, re.compile(pattern)) for key, pattern in names) for names in (NAMES, LIKELY))


def heading_key(heading: str) -> str:
    """The form in which a heading is known again: its small letters and figures alone."""
    return re.sub(r"[^a-z0-9]", "", heading.casefold()) or heading.strip().casefold()


def column_of(heading: str, patterns: Patterns = EXACT) -> str | None:
    """Which column a heading names, if any."""
    letters = re.sub(r"[^a-z0-9]", "", heading.casefold())
    if len(heading) > LONGEST_HEADING or (not letters and heading.strip() != "#"):
        return None
    return next((key for key, pattern in patterns if pattern.fullmatch(letters)), None)


def columns_in(cells: Sequence[str], named: Mapping[str, str] | None = None, *, again: bool = False) -> dict[str, int]:
    """Where each known column stands, if *cells* are the headings of a plan; else nothing.

    Of two columns of one kind the first counts.

    Args:
        named: columns by the `heading_key` of theirs that somebody has named; "" for one that is left out.
        again: only headings that are exactly known count, as in a row that stands below others.
    """
    given = given_in(cells, named or {})
    found = {key: place for place, key in reversed(given.items()) if key}
    recognise(cells, found, EXACT, given)
    is_table = any(key in found for key in REQUIRED)
    if not again:
        recognise(cells, found, PROBABLE, given)
    return found if is_table and len(found) >= FEWEST else {}


def guessed_columns(cells: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """Where columns probably stand, if *cells* are headings at all: a suggestion for somebody to correct."""
    given = given_in(cells, named)
    found = {key: place for place, key in reversed(given.items()) if key}
    for patterns in (EXACT, PROBABLE):
        recognise(cells, found, patterns, given)
    return found


def given_in(cells: Sequence[str], named: Mapping[str, str]) -> dict[int, str]:
    """The columns that somebody has named, by place."""
    return {place: named[key] for place, cell in enumerate(cells) if (key := heading_key(cell)) in named}


def recognise(cells: Sequence[str], found: dict[str, int], patterns: Patterns, given: Mapping[int, str]) -> None:
    """Adds to *found* the columns that the patterns know, where none of that kind is known and nobody named another."""
    taken = {*found.values(), *given}
    for place, heading in enumerate(cells):
        key = column_of(heading, patterns) if place not in taken else None
        if key and key != "ignored":
            found.setdefault(key, place)

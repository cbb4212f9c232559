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
OURS: Mapping[str, str] = {"owner": "Owner", "worked_out": "Target date worked out", "status": "Status", "rag": "RAG"}
REQUIRED = ("recommendation", "action")
LONGEST_HEADING = 100
FEWEST = 3  # columns that must be known before a row is taken for the headings

# By the letters and figures of a heading alone; the first that fits is it.
NAMES: tuple[tuple[str, str], ...] = (
    ("worked_out", r"targetdateworkedout"),
    ("status", r"status|currentstatus|rag|ragrating|ragstatus"),
    ("number", r"|no|num|number|ref|reference|id|item|rec(ommendation)?s?(no|num|number|ref|reference|id)"),
    ("ignored", r"action(no|number|ref|reference|id)"),
    ("owner", r"(action)?owner|(action|lead|responsible|named)(officer|person|owner|name|manager)|officer"),
    ("scope", r"scope.*|localregional.*|(geographic)?level(ofrecommendation)?"),
    ("completion", r"(date)?(of)?(action)?complet(ed|ion)(date|on)?(and|with)?(outcomes?)?(achieved)?|completeddate"),
    ("completion", r"dateofcompletion.*"),
    ("outcome", r"outcomes?|results?|impact|outcomesandimpact"),
    ("target", r".*target.*|(date)?due(date|by)?|datedue|deadline|(by)?when|time(scales?|frames?|line)|"
               r"complet(e|ion)by"),
    ("milestones", r".*milestone.*"),
    ("progress", r"(progress|latest|current)?(updates?|progress|position|comments?)(todate)?"),
    ("lead_agency", r"(lead|responsible|owning)?(agency|agencies|organisations?|partners?|lead|body)|lead|responsible|"
                    r"(by)?who(m)?|responsibility|lead(agency|organisation).*|agencyresponsible"),
    ("action", r"actions?(to(be)?take(n)?|required|needed|points?|agreed|planned)?|whatwillwedo|proposedactions?"),
    ("recommendation", r"recommendations?.*|recs?"),
)  # fmt: skip
PATTERNS = tuple((key, re.compile(pattern)) for key, pattern in NAMES)


def column_of(heading: str) -> str | None:
    """Which column a heading names, if any."""
    letters = re.sub(r"[^a-z0-9]", "", heading.casefold())
    if not letters and heading.strip() != "#":
        return None
    return next((key for key, pattern in PATTERNS if pattern.fullmatch(letters)), None)


def columns_in(cells: Sequence[str]) -> dict[str, int]:
    """Where each known column stands, if *cells* are the headings of a plan; else nothing.

    Of two columns of one kind the first counts. Progress is taken for milestones where there are none.
    """
    found: dict[str, int] = {}
    for place, heading in enumerate(cells):
        key = column_of(heading) if len(heading) <= LONGEST_HEADING else None
        if key and key != "ignored":
            found.setdefault(key, place)
    if "progress" in found:
        progress = found.pop("progress")
        found.setdefault("milestones", progress)
    is_table = len(found) >= FEWEST and ("action" in found or "recommendation" in found)
    return found if is_table else {}

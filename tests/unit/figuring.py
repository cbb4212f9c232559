"""Cases for the tests of figures, written the way case files are."""

from datetime import date

from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import read_case
from tracker.procedures.figures import FiguredCase, Figures, figures

YEAR = (date(2024, 4, 1), date(2025, 3, 31))
AS_AT = date(2026, 11, 1)
SUBJECTS = {"partner_aware", "partner_notified", "imr_requested", "imr_received", "information_requested"}


def case_of(case_type, *events, reference="CASE-1", themes=(), contributing=(), complaints=()):
    """A case whose events are written ("2024-05-01", "step", {answers}); a subject stands among the answers."""
    rows = []
    for on, step, *answers in events:
        given = dict(answers[0]) if answers else {}
        subject = given.pop("subject", "A body" if step in SUBJECTS else "")
        rows.append({"step": step, "on": on, "answers": given} | ({"subject": subject} if subject else {}))
    read = read_case(
        {
            "reference": reference,
            "type": case_type,
            "themes": list(themes),
            "complaints": list(complaints),
            "events": rows,
        }
    )
    return FiguredCase(reference, read.procedure, read.facts, read.settings, read.themes, bool(contributing))


def asb(*events, **more):
    return case_of("asb", *events, **more)


def dhr(*events, **more):
    return case_of("dhr", *events, **more)


def owhr(*events, **more):
    return case_of("owhr", *events, **more)


def figured(*cases, since=YEAR[0], until=YEAR[1], as_at=AS_AT, own_actions=()) -> Figures:
    return figures(cases, since, until, as_at, ENGLAND_AND_WALES, partnership="shropshire", own_actions=own_actions)


def values(found: Figures, *keys):
    return tuple(found[key].value for key in keys)

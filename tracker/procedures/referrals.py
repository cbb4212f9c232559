"""A referral before it is a case: the pages that ask for it, and what their answers come to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tracker.procedures.facts import Event
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.threshold import Complaint
from tracker.procedures.vocabulary import Criterion, Procedure

# By page, what was answered there. Days are text (2025-01-31), complaints a list under "rows".
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Referral:
    """What is known when a case is logged. `also`: what is recorded beside the opening step."""

    on: date
    answers: Mapping[str, str]
    complaints: tuple[Complaint, ...]
    criteria: tuple[Mapping[str, str], ...]
    deaths: tuple[Mapping[str, str], ...]
    themes: tuple[str, ...]
    also: tuple[Event, ...]


def pages_of(procedure: Procedure) -> tuple[ReferralPage, ...]:
    """The pages in the order they are asked, with one for each criterion and each subject."""
    return tuple(each for page in procedure.referral for each in spread(procedure, page))


def spread(procedure: Procedure, page: ReferralPage) -> Iterator[ReferralPage]:
    match page.asks:
        case Asks.CRITERIA:
            for criterion in procedure.criteria:
                if not criterion.excludes:
                    key = f"{page.key}-{criterion.key}"
                    yield replace(page, key=key, title=criterion.label, about=(criterion.key,))
        case Asks.EXCLUSIONS:
            yield replace(page, about=tuple(each.key for each in procedure.criteria if each.excludes))
        case Asks.SUBJECTS:
            for place, subject in enumerate(procedure.subjects, start=1):
                yield replace(page, key=f"{page.key}-{place}", title=subject, about=(subject,))
        case _:
            yield page


def unanswered(procedure: Procedure, answers: Answers) -> ReferralPage | None:
    """The first page that was neither answered nor left for later."""
    return next((page for page in pages_of(procedure) if page.key not in answers), None)


def criteria_of(procedure: Procedure, page: ReferralPage) -> list[Criterion]:
    """The criteria that a page asks about."""
    return [criterion for criterion in procedure.criteria if criterion.key in page.about]


def referred_on(procedure: Procedure, answers: Answers) -> date | None:
    """The day the referral was received, once that is answered."""
    return next((day_of(answers.get(page.key, {})) for page in procedure.referral if page.dated), None)


def referral_of(procedure: Procedure, answers: Answers) -> Referral | None:
    """What the answers come to; None until the day of the referral is answered.

    Answers to pages that are asked no longer, because another edition applies, do not count.
    """
    on = referred_on(procedure, answers)
    if on is None:
        return None
    given = [(page, answers.get(page.key, {})) for page in pages_of(procedure)]
    return Referral(
        on=on,
        answers={key: text for page, page_given in given if not page.step for key, text in texts(page, page_given)},
        complaints=tuple(complaint_of(row) for _, page_given in given for row in page_given.get("rows", ())),
        criteria=tuple(each for page, page_given in given for each in criteria(page, page_given)),
        deaths=tuple(dict(page_given) for page, page_given in given if page.asks is Asks.DEATH and page_given),
        themes=tuple(theme for _, page_given in given for theme in page_given.get("themes", ())),
        also=tuple(event for page, page_given in given if page.step for event in events(page, page_given, on)),
    )


def texts(page: ReferralPage, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The answers to the questions of a page, by their keys."""
    if page.asks is Asks.AGENCIES and given:
        yield page.questions[0], agencies_text(given)
    for key in page.questions:
        if given.get(key):
            yield key, given[key]


def agencies_text(given: Mapping[str, Any]) -> str:
    """Agencies that were chosen, and others that were typed, as one answer."""
    return ", ".join(filter(None, (*given.get("chosen", ()), given.get("others", ""))))


def criteria(page: ReferralPage, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Each criterion that was answered, as a case keeps it. Unclear is an answer, and is not "not met"."""
    for key in page.about if page.asks in (Asks.CRITERIA, Asks.EXCLUSIONS) else ():
        if met := given.get(f"met_{key}"):
            evidence = given.get(f"evidence_{key}")
            yield {"key": key, "met": met} | ({"evidence": evidence} if evidence else {})


def events(page: ReferralPage, given: Mapping[str, Any], on: date) -> Iterator[Event]:
    """What is recorded beside the opening step because of a page."""
    if page.asks is Asks.SUBJECTS:
        if day := day_of(given):
            yield Event(page.step, day, given.get("name") or page.about[0])
    elif answered := dict(texts(page, given)):
        yield Event(page.step, on, "", answered)


def complaint_of(row: Mapping[str, Any]) -> Complaint:
    return Complaint(
        behaviour_on=day_of(row, "behaviour_on"),
        reported_on=day_of(row, "reported_on"),
        body=row.get("body", ""),
        incident=row.get("incident", ""),
        by=row.get("by", ""),
        hate=bool(row.get("hate")),
    )


def day_of(given: Mapping[str, Any], key: str = "on") -> date | None:
    return date.fromisoformat(given[key]) if given.get(key) else None

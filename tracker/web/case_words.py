"""How pages speak of cases: names of deadlines short enough for a picture, holders, spans and lengths of time.

The procedures hold each deadline's own label. What is here only puts the same thing into a sentence or beside a mark.
"""

from dataclasses import dataclass
from datetime import date

from tracker.procedures.reckoning import Deadline
from tracker.procedures.vocabulary import PROPER_NAMES, Procedure, Source, Step
from tracker.web.filters import DAYS_IN_MONTH, day, quantity

IN_DAYS = 14  # up to here a span is told in days, then in weeks
IN_WEEKS = 365  # then in months
IN_MONTHS = 731  # then in years and months
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Name:
    """A deadline in other words.

    `mark`: beside a mark of a picture; `many`: several of them there; `subject`: of "... is due on"; `missing`: what
    somebody whose clock it is has not done.
    """

    mark: str
    subject: str
    many: str = ""
    missing: str = ""


NAMES = {
    "decide": Name("Decision", "the decision"),
    "tell_home_office": Name("Home Office told", "telling the Home Office"),
    "tell_family": Name("Family told", "telling the family"),
    "home_office_answer": Name("Home Office’s view", "the Home Office’s view"),
    "appoint_chair": Name("Chair", "appointing the chair"),
    "first_panel": Name("First panel", "the first panel meeting"),
    "imr": Name("Reply", "a management review", "replies", "not replied"),
    "complete_report": Name("Report", "the report"),
    "copy_commissioner": Name("Copy to Commissioner", "the copy to the Commissioner"),
    "copy_secretary_of_state": Name("Copy to minister", "the copy to the Secretary of State"),
    "qa_answer": Name("QA answer", "the QA answer"),
    "qa_changes": Name("QA changes", "making the QA changes"),
    "publish": Name("Publication", "publication"),
    "review_withholding": Name("Review of withholding", "the review of withholding"),
    "tell_publication": Name("Link sent", "telling the Home Office the link"),
    "action_plan_update": Name("Plan update", "the action plan update", "plan updates"),
    "stocktake_6": Name("6-month stocktake", "the stocktake at 6 months"),
    "stocktake_12": Name("12-month stocktake", "the stocktake at 12 months"),
    "acknowledge": Name("Acknowledgement", "the acknowledgement"),
    "information": Name("Reply", "information", "replies", "not replied"),
    "threshold": Name("Threshold", "the threshold decision"),
    "tell_applicant": Name("Applicant told", "telling the applicant"),
    "panel": Name("Panel", "the panel"),
    "papers": Name("Papers", "sending the panel papers"),
    "outcome": Name("Outcome letter", "the outcome letter"),
    "plan_review": Name("Plan review", "the review of the action plan", "plan reviews"),
    "appeal_window": Name("May appeal", "the applicant’s time to appeal"),
    "appeal_answer": Name("Answer", "the answer to the appeal"),
    "whole_case": Name("Whole case", "the outcome of the whole case"),
    "publish_figures": Name("Figures", "publishing the figures"),
    "notify": Name("Notice", "a partner’s notice", "notices", "not notified"),
    "decide_after_unable": Name("Later notice", "a partner’s decision", "later notices", "not decided"),
    "arrange": Name("Arranged", "arranging the review"),
    "report": Name("Report", "the report"),
    "persons_told": Name("Persons told", "telling those who should act"),
}

STAGE_LEADS = {
    "referral": "At referral",
    "decision": "For decision",
    "home_office_scrutiny": "In Home Office scrutiny",
    "review": "In review",
    "home_office_qa": "In Home Office QA",
    "publication": "In publication",
    "monitoring": "In monitoring",
    "application": "At application",
    "threshold": "At the threshold",
    "action_plan": "On the action plan",
    "appeal": "In appeal",
    "home_office": "With the Home Office",
}

HOLDERS = {
    "officer": "Development officer",
    "chair": "Panel chair",
    "officer / chair": "Development officer or chair",
}


def name_of(deadline: Deadline) -> Name:
    """A deadline's other words; its own label where it has none."""
    return NAMES.get(deadline.key) or Name(deadline.title, f"“{deadline.title}”")


def stage_lead(procedure: Procedure, stage: str) -> str:
    """How a sentence about a case in that stage begins."""
    return STAGE_LEADS.get(stage) or procedure.stage(stage).label


def holder_words(holder: str) -> str:
    """Who holds a case or owns a deadline, as pages write it."""
    return HOLDERS.get(holder) or capitalised(holder)


def subject_word(procedure: Procedure, key: str) -> str:
    """What a deadline that runs for each of several bodies calls one of them: agency, relevant body, review partner."""
    rule = procedure.deadline(key)
    steps = [procedure.step(trigger.step) for trigger in rule.starts] if rule else []
    return next((step.subject for step in steps if step and step.subject), "agency")


def plural(noun: str) -> str:
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"


def count_of(number: int, noun: str) -> str:
    """One agency, two relevant bodies, 12 recipients."""
    words = NUMBERS[number] if number < len(NUMBERS) else str(number)
    return f"{words} {noun if number == 1 else plural(noun)}"


def title_of(deadline: Deadline) -> str:
    """A deadline's label, and whose it is where it runs for each of several bodies."""
    return f"{deadline.title}: {deadline.subject}" if deadline.subject else deadline.title


def listed(words: list[str]) -> str:
    """one, two and three"""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def lasting(days: int) -> str:
    """A length of time as people say it: 12 days, 30 weeks, 14 months, 2 years 3 months."""
    if days < IN_DAYS:
        return quantity(days, "day")
    if days < IN_WEEKS:
        return quantity(days // 7, "week")
    months = round(days / DAYS_IN_MONTH)
    if days < IN_MONTHS:
        return quantity(months, "month")
    years, months = divmod(months, 12)
    return quantity(years, "year") + (f" {quantity(months, 'month')}" if months else "")


def span(since: date, until: date) -> str:
    """31 January to 13 February 2025; what both days share is said once."""
    if since == until:
        return day(since)
    if since.year != until.year:
        return f"{day(since)} to {day(until)}"
    start = str(since.day) if since.month == until.month else f"{since.day} {since:%B}"
    return f"{start} to {day(until)}"


def capitalised(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def uncapitalised(words: str) -> str:
    """For the middle of a sentence; names keep their capitals."""
    return words if words.startswith(PROPER_NAMES) else f"{words[:1].lower()}{words[1:]}"


def reason_words(reason: str) -> str:
    """The reason of a hold as a reader sees it."""
    return reason.replace("_", " ")


def is_decision(step: Step) -> bool:
    """Whether a step is a decision for the chair, which cannot be undone."""
    return step.irreversible and "chair" in step.by


def act_and_section(source: Source) -> str:
    """An Act by its year alone: "2004 Act, section 9". The title in full stands beside it."""
    year = source.title[-4:]
    return f"{year} Act, {source.section}" if year.isdecimal() and source.section else source.title

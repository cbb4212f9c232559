"""Case files into the database: all of them or none."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, CaseContributing, Event
from tracker.models.facts import settings_of
from tracker.models.partnerships import Partnership
from tracker.models.projection import project
from tracker.models.users import User
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.case_file import CaseFile, Fault, WrongFile, reckoning_fault
from tracker.procedures.facts import NotAllowed
from tracker.procedures.reckoning import reckon
from tracker.services.cases import complaint_rows
from tracker.services.plan_imports import fill
from tracker.services.plans import new_plan
from tracker.services.use_case import use_case


@use_case
def load_cases(source: str, *, by: User | None, case_files: Sequence[CaseFile], references: Sequence[str]) -> int:
    """Store every case of the files, or none. Returns how many.

    Args:
        source: what the audit calls it, such as the names of the files.

    Raises:
        WrongFile: any case that cannot be stored, with every fault, named by reference and by place among them.
    """
    store_all(case_files)
    return len(case_files)


def unstorable(case_files: Sequence[CaseFile]) -> None:
    """Try the same and keep nothing: a dry run.

    Raises:
        WrongFile: as `load_cases` would.
    """
    try:
        store_all(case_files)
    finally:
        db.session.rollback()


def store_all(case_files: Sequence[CaseFile]) -> None:
    faults: list[Fault] = []
    partnerships = {row.key: row for row in db.session.scalars(select(Partnership))}
    users = {row.email: row for row in db.session.scalars(select(User))}
    taken = set(db.session.scalars(select(Case.reference)))
    for place, case_file in enumerate(case_files, start=1):
        found = unfit(case_file, partnerships, users, taken)
        taken.add(case_file.reference)
        if not found:
            found = store(case_file, partnerships, users)
        prefix = f"{case_file.reference}, " if case_file.reference else ""
        faults += [Fault(prefix + fault.row, fault.field, fault.message, place) for fault in found]
    if faults:
        raise WrongFile(*faults)


def unfit(
    case_file: CaseFile, partnerships: Mapping[str, Partnership], users: Mapping[str, User], taken: set[str]
) -> list[Fault]:
    """What a what-if may leave out or imagine, but a stored case may not."""
    faults = []
    if not case_file.reference:
        faults.append(Fault("case", "reference", "is missing"))
    elif case_file.reference in taken:
        faults.append(Fault("case", "reference", "is taken already"))
    for key in (case_file.partnership, *case_file.contributing):
        if key not in partnerships:
            field = "partnership" if key == case_file.partnership else "contributing"
            faults.append(Fault("case", field, f"there is no partnership “{key}”" if key else "is missing"))
    if case_file.partnership in case_file.contributing:
        faults.append(Fault("case", "contributing", "names the partnership that leads"))
    for field, email in (("lead", case_file.lead), ("chair", case_file.chair)):
        if email and email.lower() not in users:
            faults.append(Fault("case", field, f"there is no user “{email}”"))
    if case_file.supposed or case_file.today:
        faults.append(Fault("case", "settings" if case_file.supposed else "today", "belongs to a what-if only"))
    if not case_file.events:
        faults.append(Fault("case", "events", "a case begins with its first step"))
    today, now = clock.today(), clock.now()
    for event in case_file.events:
        if event.on > today:
            faults.append(Fault(f"event {event.number}", "on", "is in the future"))
        if event.recorded_at and event.recorded_at > now:
            faults.append(Fault(f"event {event.number}", "recorded_at", "is in the future"))
    return faults


def store(case_file: CaseFile, partnerships: Mapping[str, Partnership], users: Mapping[str, User]) -> list[Fault]:
    """Add the case and its projection; the faults instead, where the procedure forbids its facts."""
    partnership = partnerships[case_file.partnership]
    settings = settings_of(partnership.id, case_file.procedure)
    try:
        answer = reckon(case_file.procedure, case_file.facts, settings, ENGLAND_AND_WALES, clock.today())
    except NotAllowed as refused:
        return [reckoning_fault(refused)]
    case = Case(
        reference=case_file.reference,
        case_type=case_file.procedure.case_type,
        edition=case_file.procedure.edition,
        partnership=partnership,
        lead=users.get(case_file.lead.lower()),
        chair=users.get(case_file.chair.lower()),
        themes=list(case_file.themes),
        criteria=[dict(criterion) for criterion in case_file.criteria],
        deaths=[dict(death) for death in case_file.deaths],
        complaints=complaint_rows(case_file.complaints),
        contributing=[
            CaseContributing(partnership=partnerships[key], position=position)
            for position, key in enumerate(case_file.contributing)
        ],
        events=[
            Event(
                number=event.number,
                step=event.step,
                happened_on=event.on,
                subject=event.subject,
                answers=dict(event.answers),
                recorded_at=event.recorded_at or clock.now(),
            )
            for event in case_file.events
        ],
    )
    db.session.add(case)
    project(case, answer)
    if case_file.recommendations:
        plan = new_plan(case, by=None)
        db.session.flush()
        fill(plan, case_file.recommendations)
    return []

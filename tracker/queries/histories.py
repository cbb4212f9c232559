"""The history of a case: everything that is on record about it, as one structure that every format shows."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from tracker import clock
from tracker.extensions import db
from tracker.models.audit import AuditEntry
from tracker.models.cases import Case, Event
from tracker.models.facts import facts_of, reckoned
from tracker.models.users import User
from tracker.policy import roles_of
from tracker.procedures.clocks import Extension
from tracker.procedures.corrections import replacements
from tracker.procedures.facts import Facts
from tracker.procedures.reckoning import Deadline, Reckoning
from tracker.queries.case_files import case_file
from tracker.queries.history_parts import (
    History,
    HistoryComplaint,
    HistoryCriterion,
    HistoryDeadline,
    HistoryEntry,
    HistoryEvent,
    Pairs,
    Particulars,
    Replacement,
)
from tracker.queries.history_words import (
    MET_WORDS,
    answers_in_words,
    deadline_title,
    death_in_words,
    effects_in_words,
    hold_in_words,
    holder_in_words,
    plain,
    standing,
)

FROM_A_FILE = "Brought in from a file"
BY_COMMAND = "An operator, by command"
EXPORT = "export_history"
ACTIONS = {
    "log_referral": "Referral logged",
    "log_draft": "Referral logged",
    "record_step": "Step recorded",
    "correct_event": "Event corrected",
    EXPORT: "History exported",
}
# Parts of an entry's detail that say nothing to a reader.
UNSAID = frozenset({"version", "submission_key"})

Started = Mapping[int, list[Deadline]]
Extended = Mapping[int, list[tuple[Deadline, Extension]]]


def history_of(case: Case, *, by: User | None, format: str, reason: str) -> History:
    """What is on record about *case* now, for the export that was asked for. Reads only."""
    today, procedure, known = clock.today(), case.procedure, facts_of(case)
    answer = reckoned(case, today)
    labels = dict(procedure.themes)
    last_number, last_seal = last_entry()
    return History(
        reference=case.reference,
        procedure=procedure,
        partnership=case.partnership.name,
        contributing=tuple(other.partnership.name for other in case.contributing),
        restricted=case.restricted,
        lead=case.lead.name if case.lead else "",
        chair=case.chair.name if case.chair else "",
        logged_at=case.logged_at,
        today=today,
        stage=procedure.stage(answer.stage).label,
        themes=tuple(labels.get(theme, plain(theme)) for theme in case.themes),
        deaths=tuple(death_in_words(death) for death in case.deaths),
        criteria=tuple(criteria(case)),
        events=tuple(events(case, known, answer)),
        deadlines=tuple(shown_deadline(deadline, today) for deadline in answer.deadlines),
        stages=tuple((procedure.stage(span.stage).label, span.since, span.until) for span in answer.spans),
        holds=tuple((hold_in_words(procedure, hold), hold.since, hold.until) for hold in answer.holds),
        complaints=tuple(complaints(known, answer)),
        entries=tuple(entries(case)),
        reckoning=answer,
        case_file=case_file(case),
        export=Particulars(
            by=introduced(by, case),
            at=clock.now(),
            format=format,
            reason=reason,
            last_entry=last_number,
            last_seal=last_seal,
        ),
    )


def introduced(by: User | None, case: Case) -> str:
    """Who somebody is to the partnership of the case: "Helen Marsh, auditor"."""
    if by is None:
        return BY_COMMAND
    return ", ".join([by.name, *sorted(roles_of(by, case.partnership_id))])


def events(case: Case, known: Facts, answer: Reckoning) -> list[HistoryEvent]:
    """Every event, those that were replaced too, in the order in which they happened."""
    pasts = {past.event.number: past for past in answer.history}
    replaced_by = replacements(known.events, case.procedure)
    replaces = {correction: number for number, correction in replaced_by.items()}
    steps = {step.key: step for step in case.procedure.steps}
    by_number = {event.number: event for event in case.events}
    started, met, extended = by_event(answer.deadlines)
    recorders = names_of({event.recorded_by_id for event in case.events if event.recorded_by_id})
    shown = []
    for event in sorted(case.events, key=lambda event: (event.happened_on, event.number)):
        number, step = event.number, steps[event.step]
        effects: list[str] = []
        if past := pasts.get(number):
            effects = effects_in_words(case.procedure, past, started[number], met[number], extended[number])
        correction = by_number.get(replaced_by.get(number, 0))
        shown.append(
            HistoryEvent(
                number=number,
                happened_on=event.happened_on,
                recorded_at=event.recorded_at,
                recorded_by=recorders.get(event.recorded_by_id or 0, FROM_A_FILE),
                label=step.label,
                subject=event.subject,
                answers=tuple(answers_in_words(case.procedure, step, event.answers)),
                effects=tuple(effects),
                replaced=replacement(correction) if correction else None,
                corrects=replaces.get(number),
            )
        )
    return shown


def replacement(correction: Event) -> Replacement:
    return Replacement(correction.number, correction.happened_on, correction.answers.get("reason", ""))


def by_event(
    deadlines: Iterable[Deadline],
) -> tuple[Started, Started, Extended]:
    """The deadlines that each event, by number, started, met and extended."""
    started, met, extended = defaultdict(list), defaultdict(list), defaultdict(list)
    for deadline in deadlines:
        started[deadline.start_number].append(deadline)
        if deadline.met_number:
            met[deadline.met_number].append(deadline)
        for extension in deadline.extensions:
            extended[extension.event.number].append((deadline, extension))
    return started, met, extended


def names_of(ids: set[int]) -> dict[int, str]:
    """Users' names by number."""
    if not ids:
        return {}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in found}


def shown_deadline(deadline: Deadline, today: date) -> HistoryDeadline:
    return HistoryDeadline(
        title=deadline_title(deadline),
        status=deadline.status,
        standing=standing(deadline, today),
        due=deadline.due,
        owner=holder_in_words(deadline.owner),
        source=deadline.source,
        working=deadline.working,
    )


def criteria(case: Case) -> list[HistoryCriterion]:
    """Each criterion of the procedure as answered; all of them only where any was."""
    given = {criterion.get("key", ""): criterion for criterion in case.criteria}
    if not given:
        return []
    known = {criterion.key: (criterion.label, str(criterion.source)) for criterion in case.procedure.criteria}
    shown = []
    for key in dict.fromkeys([*known, *given]):
        label, source = known.get(key, (plain(key), ""))
        answer = given.get(key, {})
        met = answer.get("met", "")
        shown.append(HistoryCriterion(label, source, MET_WORDS.get(met, met), answer.get("evidence", "")))
    return shown


def complaints(known: Facts, answer: Reckoning) -> list[HistoryComplaint]:
    """Each complaint beside what the two tests make of it."""
    if answer.threshold is None:
        return []
    told = zip(
        known.complaints,
        answer.threshold.statutory.complaints,
        answer.threshold.local.complaints,
        strict=True,
    )
    return [HistoryComplaint(number, *each) for number, each in enumerate(told, start=1)]


def entries(case: Case) -> list[HistoryEntry]:
    """The audit entries of the case, oldest first."""
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.number))
    return [entry_of(row) for row in rows]


def entry_of(row: AuditEntry) -> HistoryEntry:
    detail = json.loads(row.detail)
    return HistoryEntry(
        number=row.number,
        at=row.at,
        actor=row.actor,
        action=row.action,
        label=ACTIONS.get(row.action) or plain(row.action),
        subject=row.subject_reference,
        particulars=particulars(detail),
        detail=detail,
    )


def particulars(detail: Mapping[str, object]) -> Pairs:
    """What a reader may want to know of an entry besides."""
    told = ((key, written(value)) for key, value in detail.items() if key not in UNSAID)
    return tuple((plain(key), words) for key, words in told if words)


def last_entry() -> tuple[int, str]:
    """The number and the seal of the last entry of the whole audit."""
    query = select(AuditEntry.number, AuditEntry.seal).order_by(AuditEntry.number.desc()).limit(1)
    last = db.session.execute(query).first()
    return (last.number, last.seal) if last else (0, "")


def written(value: object) -> str:
    """A part of an audit entry's detail as words; nothing for what was empty or is kept out of the audit."""
    if value in (None, "", [], {}, "[not recorded]"):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

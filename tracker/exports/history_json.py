"""A case's history as data: the case file, what was reckoned of it, and the rest of the record."""

import json

from tracker.procedures.case_file import moment_as_text
from tracker.queries.history_parts import MARKING, History, HistoryDeadline, HistoryEvent


def as_json(history: History) -> str:
    """The history as JSON. Its `case` is a case file: `flask case load` takes it."""
    return json.dumps(as_data(history), ensure_ascii=False, indent=2)


def as_data(history: History) -> dict[str, object]:
    export = history.export
    return {
        "marking": MARKING,
        "export": {
            "reference": history.reference,
            "format": export.format,
            "produced_at": moment_as_text(export.at),
            "produced_for": export.by,
            "reason": export.reason,
            "last_audit_entry": export.last_entry,
            "last_audit_seal": export.last_seal,
            "as_at": history.today.isoformat(),
            "partnership": history.partnership,
            "procedure": history.procedure.title,
            "law": str(history.procedure.law),
        },
        "case": history.case_file.as_json(),
        "reckoning": history.reckoning.as_json(),
        "events": [event_as_data(event) for event in history.events],
        "deadlines": [deadline_as_data(deadline) for deadline in history.deadlines],
        "stages": [
            {"stage": stage, "since": since.isoformat(), "until": until.isoformat() if until else None}
            for stage, since, until in history.stages
        ],
        "holds": [
            {"reason": hold, "since": since.isoformat(), "until": until.isoformat() if until else None}
            for hold, since, until in history.holds
        ],
        "audit": [
            {
                "number": entry.number,
                "at": moment_as_text(entry.at),
                "actor": entry.actor,
                "action": entry.action,
                "subject": entry.subject,
                "detail": dict(entry.detail),
            }
            for entry in history.entries
        ],
    }


def event_as_data(event: HistoryEvent) -> dict[str, object]:
    """An event as people read it, with who recorded it; the case file has it as the tracker keeps it."""
    replaced = event.replaced
    return {
        "number": event.number,
        "happened_on": event.happened_on.isoformat(),
        "recorded_at": moment_as_text(event.recorded_at),
        "recorded_by": event.recorded_by,
        "event": event.label,
        "subject": event.subject,
        "answers": [{"question": question, "answer": answer} for question, answer in event.answers],
        "effects": list(event.effects),
        "replaced": {"by": replaced.by, "on": replaced.on.isoformat(), "reason": replaced.reason} if replaced else None,
        "replaces": event.corrects,
    }


def deadline_as_data(deadline: HistoryDeadline) -> dict[str, object]:
    """What the reckoning's own list puts in keys, in words."""
    return {
        "deadline": deadline.title,
        "standing": deadline.standing,
        "due": deadline.due.isoformat() if deadline.due else None,
        "owner": deadline.owner,
        "source": str(deadline.source),
        "working": list(deadline.working),
    }

"""The record of every change. `@use_case` adds one numbered entry, last, in the transaction of the change itself."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, date
from enum import Enum

from flask import current_app, g, has_request_context
from sqlalchemy import String, inspect, literal_column, select, update

from tracker import clock
from tracker.extensions import Base, db
from tracker.models.audit import AuditEntry, AuditHead
from tracker.models.partnerships import Partnership
from tracker.models.users import User

SYSTEM = "system"
NOT_RECORDED = "[not recorded]"

# Arguments, and keys inside arguments, whose values never reach the record: secrets, and names of people in reviews.
# What was answered stands in the event that was made; a second copy would outlive its disposal.
NEVER_WRITTEN = frozenset(
    {
        "password",
        "password_hash",
        "token",
        "secret",
        "person_name",
        "user_agent",
        "answers",
        "complaints",
        "case_files",
        "original_name",
    }
)

SEALED = (
    "number", "actor_id", "actor", "action", "subject_type", "subject_id", "subject_reference", "partnership_id",
    "case_id", "request_id", "detail",
)  # fmt: skip


def append(
    action: str, subject: object, *, by: User | None, arguments: Mapping[str, object], made: object
) -> AuditEntry:
    """Adds the entry for *action* to the open transaction and holds the head until it ends.

    Args:
        subject: what the action happened to; *made* is what it returned. The entry belongs to the case and partnership
            of the first of these, or of the arguments, that has one.
        arguments: the use-case's named arguments. Tables' rows are written as their references.

    Raises:
        TypeError: an argument cannot be written down.
        RuntimeError: the database has no audit head.
    """
    db.session.flush()  # whatever was made has its number now
    detail = {name: written(name, value) for name, value in arguments.items()}
    if isinstance(made, Base):
        detail["made"] = reference(made)
    related = (subject, made, *arguments.values())
    number, previous = next_place()
    entry = AuditEntry(
        number=number,
        at=clock.now(),
        actor_id=by.id if by else None,
        actor=by.email if by else SYSTEM,
        action=action,
        subject_type=subject.__tablename__ if isinstance(subject, Base) else "",
        subject_id=row_id(subject),
        subject_reference=reference(subject),
        partnership_id=next(filter(None, map(partnership_of, related)), None),
        case_id=next(filter(None, map(case_of, related)), None),
        request_id=g.get("request_id", "") if has_request_context() else "",
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True),
    )
    entry.seal = sealed(entry, previous)
    db.session.add(entry)
    db.session.flush()
    return entry


# In words of its own: SQLAlchemy leaves the tables' names out of what SQLite returns, and both columns are `number`.
SEAL_BEFORE = literal_column("(SELECT seal FROM audit_entry WHERE audit_entry.number = audit_head.number - 1)", String)
# Put together once: that takes longer than running it, and every use-case runs it.
NEXT_PLACE = update(AuditHead).values(number=AuditHead.number + 1).returning(AuditHead.number, SEAL_BEFORE)


def next_place() -> tuple[int, str]:
    """The number of the next entry, held for the open transaction, and the seal before it.

    Raises:
        RuntimeError: the database has no audit head.
    """
    head = db.session.execute(NEXT_PLACE, execution_options={"synchronize_session": False}).one_or_none()
    if head is None:
        raise RuntimeError("the database has no audit head: run flask db upgrade")
    number, seal = head
    # PostgreSQL looks for the seal as the statement began: where it had to wait for another entry, it saw none.
    return number, seal or previous_seal(number)


def previous_seal(number: int) -> str:
    """The seal before entry *number*; empty where that is the first."""
    return db.session.scalar(select(AuditEntry.seal).where(AuditEntry.number == number - 1)) or ""


def sealed(entry: AuditEntry, previous: str) -> str:
    """What the seal of *entry* must be after that *previous* one: HMAC-SHA256 under a key kept outside the database."""
    said = [str(getattr(entry, column)) for column in SEALED]
    text = json.dumps([previous, entry.at.astimezone(UTC).isoformat(), *said], ensure_ascii=False)
    return hmac.new(str(current_app.config["AUDIT_KEY"]).encode(), text.encode(), hashlib.sha256).hexdigest()


def written(name: str, value: object) -> object:
    """*value* as JSON can hold it. Raises TypeError for what it cannot, so that nothing is recorded by accident."""
    if name in NEVER_WRITTEN:
        return NOT_RECORDED
    match value:
        case Enum():
            return written(name, value.value)
        case None | str() | bool() | int() | float():
            return value
        case bytes():
            return f"{len(value)} bytes, SHA-256 {hashlib.sha256(value).hexdigest()}"
        case date():  # a datetime too
            return value.isoformat()
        case Base():
            return reference(value)
        case Mapping():
            return {str(key): written(str(key), part) for key, part in value.items()}
        case Set():
            return sorted((written(name, part) for part in value), key=str)
        case list() | tuple():
            return [written(name, part) for part in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: written(field.name, getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"the audit cannot write the argument {name!r}, a {type(value).__name__}")


def reference(thing: object) -> str:
    """What people call a row: its `audit_reference`, else its table and number."""
    if not isinstance(thing, Base):
        return str(thing or "")
    return getattr(thing, "audit_reference", None) or f"{thing.__tablename__}:{row_id(thing)}"


def row_id(thing: object) -> int | None:
    """The number of a row, where it has a single one."""
    if not isinstance(thing, Base):
        return None
    match inspect(thing).identity:
        case (int() as number,):
            return number
    return None


def case_of(thing: object) -> int | None:
    """The number of the case that *thing* is, or belongs to."""
    if not isinstance(thing, Base):
        return None
    return row_id(thing) if thing.__tablename__ == "case" else getattr(thing, "case_id", None)


def partnership_of(thing: object) -> int | None:
    """The number of the partnership that *thing* is, or belongs to; of a list, where it holds a single one."""
    if isinstance(thing, list) and len(thing) == 1:
        (thing,) = thing
    if not isinstance(thing, Base):
        return None
    return row_id(thing) if isinstance(thing, Partnership) else getattr(thing, "partnership_id", None)

"""Whether the audit is as it was written: every number there, every seal right, and nothing cut off."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import inspect, select, text

from tracker.audit import sealed
from tracker.extensions import db
from tracker.models.audit import AuditEntry, AuditHead

BATCH = 1000  # entries in memory at a time
GUARDS = frozenset({"audit_entry_unchanged", "audit_entry_kept", "audit_entry_once"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry's number and seal as they were noted outside the database."""

    number: int
    seal: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer. `first_bad`: the number of the first entry that is not as it was written, with `why`.

    `head` is the last entry: noted elsewhere, it shows later that nothing up to it was cut off or written anew.
    """

    entries: int
    head: Anchor
    first_bad: int | None = None
    why: str = ""

    @property
    def intact(self) -> bool:
        return not self.why

    def as_json(self) -> dict[str, object]:
        return {
            "intact": self.intact,
            "entries": self.entries,
            "number": self.head.number,
            "seal": self.head.seal,
            "first_bad": self.first_bad,
            "why": self.why,
        }


def verified(anchor: Anchor | None = None) -> Verified:
    """Goes through every entry, in a single reading transaction. With *anchor*, that entry must have that seal."""
    number, seal = 0, ""
    for entry in every_entry():
        if entry.number != number + 1:
            return Verified(number, Anchor(number, seal), number + 1, "the entry is missing")
        if entry.seal != sealed(entry, seal):
            why = "the entry was changed, or one before it was" if entry.seal else "the entry has no seal"
            return Verified(number, Anchor(number, seal), entry.number, why)
        number, seal = entry.number, entry.seal
        if anchor and anchor.number == number and anchor.seal != seal:
            return Verified(number, Anchor(number, seal), number, "the entry is another than the anchor names")
    head = Anchor(number, seal)
    if anchor and anchor.number > number:
        return Verified(
            number, head, number + 1, f"the entries to {anchor.number}, which the anchor names, are cut off"
        )
    counted = db.session.scalar(select(AuditHead.number)) or 0
    if counted != number:
        return Verified(number, head, number + 1, f"the entries to {counted} are missing")
    if missing := GUARDS - guards():
        return Verified(number, head, None, f"the database no longer guards the audit: {', '.join(sorted(missing))}")
    return Verified(number, head)


def every_entry() -> Iterator[AuditEntry]:
    """Every entry in the order of its number."""
    query = select(AuditEntry).order_by(AuditEntry.number).limit(BATCH).execution_options(populate_existing=True)
    batch = db.session.scalars(query).all()
    while batch:
        yield from batch
        last = batch[-1].number
        db.session.expunge_all()
        batch = db.session.scalars(query.where(AuditEntry.number > last)).all()


def guards() -> set[str]:
    """The triggers of the database that keep the audit from being changed."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    postgresql = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgenabled = 'A'"
    connection = db.session.connection()
    query = sqlite if inspect(connection).dialect.name == "sqlite" else postgresql
    return set(connection.scalars(text(query)))

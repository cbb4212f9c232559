"""What a case history is made of: what was recorded, what follows from it, and who took it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.procedures.case_file import CaseFile
from tracker.procedures.reckoning import Reckoning
from tracker.procedures.threshold import Complaint, ComplaintResult, LocalComplaintResult
from tracker.procedures.vocabulary import Procedure, Source

MARKING = "Official: sensitive"

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """The correction by which an event no longer counts."""

    by: int
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """Something that happened, with both its times, what was answered and what it did.

    `replaced`: it was corrected and did nothing; `corrects`: the number of the event that this one replaces.
    """

    number: int
    happened_on: date
    recorded_at: datetime
    recorded_by: str
    label: str
    subject: str
    answers: Pairs
    effects: tuple[str, ...]
    replaced: Replacement | None
    corrects: int | None


@dataclass(frozen=True, slots=True)
class HistoryDeadline:
    """A deadline with its whole working, in words."""

    title: str
    status: str
    standing: str
    due: date | None
    owner: str
    source: Source
    working: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryCriterion:
    """A condition of the law as it was answered; `met` is empty where it was not."""

    label: str
    source: str
    met: str
    evidence: str


@dataclass(frozen=True, slots=True)
class HistoryComplaint:
    """A complaint, and whether each test counts it, and why."""

    number: int
    complaint: Complaint
    statutory: ComplaintResult
    local: LocalComplaintResult


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An entry of the audit: who did what to this case, and when. `particulars` are its `detail` in words."""

    number: int
    at: datetime
    actor: str
    action: str
    label: str
    subject: str
    particulars: Pairs
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who took this history out, when and why; and the number and seal of the last entry of the whole audit then.

    Whoever keeps the export can show later that the audit up to there was neither changed nor cut off.
    """

    by: str
    at: datetime
    format: str
    reason: str
    last_entry: int
    last_seal: str


@dataclass(frozen=True, slots=True)
class History:
    """Everything on record about one case on a day."""

    reference: str
    procedure: Procedure
    partnership: str
    contributing: tuple[str, ...]
    restricted: bool
    lead: str
    chair: str
    logged_at: datetime
    today: date
    stage: str
    themes: tuple[str, ...]
    deaths: tuple[str, ...]
    criteria: tuple[HistoryCriterion, ...]
    events: tuple[HistoryEvent, ...]
    deadlines: tuple[HistoryDeadline, ...]
    stages: tuple[tuple[str, date, date | None], ...]
    holds: tuple[tuple[str, date, date | None], ...]
    complaints: tuple[HistoryComplaint, ...]
    entries: tuple[HistoryEntry, ...]
    reckoning: Reckoning
    case_file: CaseFile
    export: Particulars

    @property
    def corrections(self) -> int:
        """How many events were replaced."""
        return sum(event.replaced is not None for event in self.events)

    @property
    def opened_on(self) -> date:
        return self.events[0].happened_on

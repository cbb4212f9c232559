"""The recommendations of a case file."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from tracker.procedures.file_values import as_day, as_name, as_text
from tracker.procedures.plan_file import ActionLine, RecommendationLine
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import Target, read_target

FIELDS = {"number", "text", "scope", "addressees", "actions", "multi_agency", "finding", "themes"}
ADDRESSEE_FIELDS = {"name", "sent_on", "due_on", "response", "responded_on", "reason"}
ACTION_FIELDS = {"text", "lead_agency", "owner", "milestones", "status", "rag", "target", "completed", "outcome"}
PRECISIONS = {
    "day", "month", "quarter", "season", "year", "range", "event", "recurring", "review_by", "none",
}  # fmt: skip
LONGEST_WAIT = 999  # months or days
RESPONSES = {"", "accepted", "partly", "refused", "no_reply"}

T = TypeVar("T")
Given = Mapping[str, Any]


class FileReader(Protocol):
    """What reads a case file and collects its faults."""

    def fault(self, row: str, field_name: str, message: str) -> None: ...

    def take(self, row: str, given: Given, key: str, read: Callable[[object], T]) -> T | None: ...

    def rows(self, given: Given, key: str, name: str, fields: set[str]) -> Iterator[tuple[str, dict[str, Any]]]: ...


class PlanReader:
    """Reads recommendations as `flask actions show` gives them. Faults go to the reader of the file."""

    def __init__(self, file: FileReader) -> None:
        self.file = file

    def recommendations(self, given: Given) -> Iterator[RecommendationLine]:
        for row, each in self.file.rows(given, "recommendations", "recommendation", FIELDS):
            themes = each.get("themes") or []
            if not isinstance(themes, list):
                self.file.fault(row, "themes", "must be a list")
                themes = []
            multi_agency = each.get("multi_agency")
            if multi_agency not in (None, True, False):
                self.file.fault(row, "multi_agency", "must be true or false")
            yield RecommendationLine(
                number=self.named(row, each, "number"),
                text=self.required(row, each, "text"),
                scope=self.named(row, each, "scope"),
                addressees=tuple(self.addressees(row, each)),
                actions=tuple(self.actions(row, each)),
                multi_agency=multi_agency,
                finding=self.words(row, each, "finding"),
                themes=tuple(self.named(row, {"themes": theme}, "themes") for theme in themes),
            )

    def addressees(self, above: str, given: Given) -> Iterator[dict[str, str]]:
        for place, each in self.file.rows(given, "addressees", "addressee", ADDRESSEE_FIELDS):
            row = f"{above}, {place}"
            days = {key: self.file.take(row, each, key, as_day) for key in ("sent_on", "due_on", "responded_on")}
            words = {"name": self.required(row, each, "name", as_name), "response": self.words(row, each, "response")}
            if words["response"] not in RESPONSES:
                self.file.fault(row, "response", "must be accepted, partly, refused or no_reply")
            words["reason"] = self.words(row, each, "reason")
            yield {key: text for key, text in words.items() if text} | {
                key: day.isoformat() for key, day in days.items() if day
            }

    def actions(self, above: str, given: Given) -> Iterator[ActionLine]:
        for place, each in self.file.rows(given, "actions", "action", ACTION_FIELDS):
            row = f"{above}, {place}"
            completed = self.object(row, each, "completed")
            yield ActionLine(
                text=self.required(row, each, "text"),
                lead_agency=self.named(row, each, "lead_agency"),
                owner=self.named(row, each, "owner"),
                milestones=self.words(row, each, "milestones"),
                target=self.target(row, self.object(row, each, "target")),
                completed_text=self.words(row, completed, "text"),
                completed_on=self.file.take(row, completed, "on", as_day),
                outcome=self.words(row, each, "outcome"),
                status=self.file.take(row, each, "status", status) or Status.NOT_STARTED,
            )

    def target(self, row: str, given: Given) -> Target:
        """The target as given; one that waits on an event is counted from its text, as when it was imported."""
        text, precision = self.words(row, given, "text"), given.get("precision") or "none"
        since, until = (self.file.take(row, given, key, as_day) for key in ("from", "to"))
        event = self.named(row, given, "event")
        if not isinstance(precision, str) or precision not in PRECISIONS:
            self.file.fault(row, "target.precision", f"must be one of {', '.join(sorted(PRECISIONS))}")
            return Target(text)
        if since and until and until < since:
            self.file.fault(row, "target.to", "is before its from")
        if precision == "event":
            if "months" in given or "days" in given:
                months, days = (self.file.take(row, given, key, length) or 0 for key in ("months", "days"))
                return Target(text, precision="event", event=event, months=months, days=days)
            meant = read_target(text)
            same = isinstance(meant, Target) and meant.event == event
            return meant if same else Target(text, precision="event", event=event)  # type: ignore[return-value]
        if precision == "review_by":
            return Target(text, precision="review_by", review_by=until)
        return Target(text, since, until, precision)

    def object(self, row: str, given: Given, key: str) -> Given:
        found = given.get(key) or {}
        if not isinstance(found, dict):
            self.file.fault(row, key, "must be a JSON object")
            return {}
        return found

    def words(self, row: str, given: Given, key: str) -> str:
        return self.file.take(row, given, key, as_text) or ""

    def named(self, row: str, given: Given, key: str) -> str:
        return self.file.take(row, given, key, as_name) or ""

    def required(self, row: str, given: Given, key: str, read: Callable[[Any], str] = as_text) -> str:
        words = self.file.take(row, given, key, read)
        if words == "" or given.get(key) is None:
            self.file.fault(row, key, "is missing")
        return words or ""


def length(value: object) -> int:
    if not isinstance(value, int) or not 0 <= value <= LONGEST_WAIT:
        raise ValueError(f"must be a number from 0 to {LONGEST_WAIT}")
    return value


def status(value: object) -> Status:
    try:
        return Status(str(value))
    except ValueError:
        raise ValueError(f"must be one of {', '.join(Status)}") from None

"""The case file: one JSON object a case, the same shape out of the application as into it.

Source: the case file of the domain reference, section 7.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from tracker.procedures import CASE_TYPES, editions_of, procedure_in_force, waiting_editions
from tracker.procedures.facts import Event, Facts, NotAllowed, numbered
from tracker.procedures.file_values import (
    UNPRINTABLE,
    as_day,
    as_moment,
    as_name,
    as_part_day,
    as_text,
    as_truth,
    as_word,
    normal_answer,
)
from tracker.procedures.plan_file import RecommendationLine
from tracker.procedures.plan_reader import PlanReader
from tracker.procedures.settings import Settings
from tracker.procedures.threshold import Complaint
from tracker.procedures.vocabulary import Procedure, Step
from tracker.procedures.what_if import supposed_editions, supposed_settings

LONGEST_MESSAGE = 600
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}")
FIELDS = {
    "reference", "type", "edition", "partnership", "contributing", "themes", "complaints", "criteria", "deaths",
    "lead", "chair", "recommendations", "events", "today", "settings",
}  # fmt: skip
COMPLAINT_FIELDS = {"behaviour_on", "reported_on", "body", "incident", "by", "hate"}
CRITERION_FIELDS = {"key", "met", "evidence"}
DEATH_FIELDS = {"on", "age_band"}
EVENT_FIELDS = {"step", "on", "subject", "answers", "recorded_at"}

T = TypeVar("T")

# By case type and key of the partnership: the editions brought into force there, each with its day.
BroughtIntoForce = Callable[[str, str], Mapping[str, date]]


def nowhere(case_type: str, partnership: str) -> Mapping[str, date]:
    """No partnership has brought an edition into force: the law as it stands."""
    return {}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file: `row` is an event, a complaint or the case itself.

    `place`: which case of those read or loaded together, from 1; 0 where there is no telling.
    """

    row: str
    field: str
    message: str
    place: int = 0

    def __str__(self) -> str:
        words = f"{self.row}, {self.field}: {self.message}" if self.field else f"{self.row}: {self.message}"
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", words)[:LONGEST_MESSAGE]


class WrongFile(ValueError):
    """A file that is refused whole, with every fault that was found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class CaseFile:
    """A case as files hold it. `supposed`: the settings that a what-if brings with it, by name."""

    procedure: Procedure
    reference: str = ""
    partnership: str = ""
    contributing: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    criteria: tuple[Mapping[str, str], ...] = ()
    deaths: tuple[Mapping[str, str], ...] = ()
    lead: str = ""
    chair: str = ""
    recommendations: tuple[RecommendationLine, ...] = ()
    events: tuple[Event, ...] = ()
    today: date | None = None
    settings: Settings = field(default_factory=Settings)
    supposed: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        return Facts(self.events, self.complaints)

    def as_json(self) -> dict[str, Any]:
        """The object of a case file; `today` and `settings` belong to a what-if and are left out."""
        optional = {
            "contributing": list(self.contributing),
            "criteria": [dict(criterion) for criterion in self.criteria],
            "deaths": [dict(death) for death in self.deaths],
            "lead": self.lead,
            "chair": self.chair,
            "recommendations": [recommendation.as_json() for recommendation in self.recommendations],
        }
        return {
            "reference": self.reference,
            "type": self.procedure.case_type,
            "edition": self.procedure.edition,
            "partnership": self.partnership,
            "themes": list(self.themes),
            "complaints": [complaint_as_json(complaint) for complaint in self.complaints],
            **{key: value for key, value in optional.items() if value},
            "events": [event_as_json(event) for event in self.events],
        }


def complaint_as_json(complaint: Complaint) -> dict[str, Any]:
    days = {"behaviour_on": complaint.behaviour_on, "reported_on": complaint.reported_on}
    words = {"body": complaint.body, "incident": complaint.incident, "by": complaint.by}
    return {
        **{key: day.isoformat() for key, day in days.items() if day},
        **{key: text for key, text in words.items() if text},
        "hate": complaint.hate,
    }


def event_as_json(event: Event) -> dict[str, Any]:
    parts: dict[str, Any] = {"step": event.step, "on": event.on.isoformat()}
    if event.subject:
        parts["subject"] = event.subject
    if event.recorded_at:
        parts["recorded_at"] = moment_as_text(event.recorded_at)
    if event.answers:
        parts["answers"] = dict(event.answers)
    return parts


def moment_as_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_json(text: str, brought_into_force: BroughtIntoForce = nowhere) -> list[CaseFile]:
    """One case or a list of them.

    Args:
        brought_into_force: for a case that names no edition, and so runs under the one in force when it was referred.

    Raises:
        WrongFile: not JSON, or a case that is not right; every fault of every case.
    """
    try:
        given = json.loads(text, object_pairs_hook=_no_repeats, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise WrongFile(Fault("file", "", f"not a case file in JSON: {fault}")) from None
    return read_cases(given, brought_into_force)


def read_cases(given: object, brought_into_force: BroughtIntoForce = nowhere) -> list[CaseFile]:
    many = given if isinstance(given, list) else [given]
    cases: list[CaseFile] = []
    faults: list[Fault] = []
    for place, case in enumerate(many, start=1):
        try:
            cases.append(read_case(case, brought_into_force))
        except WrongFile as wrong:
            prefix = f"case {place}, " if isinstance(given, list) else ""
            faults += [Fault(prefix + fault.row, fault.field, fault.message, place) for fault in wrong.faults]
    if faults:
        raise WrongFile(*faults)
    return cases


def read_case(given: object, brought_into_force: BroughtIntoForce = nowhere) -> CaseFile:
    """A case file's object as a CaseFile; the order of steps is left to the reckoning."""
    return _Reader(brought_into_force).read(given)


def reckoning_fault(refused: NotAllowed) -> Fault:
    """What the procedure forbids, as a fault of the file."""
    return Fault(f"event {refused.number}" if refused.number else "case", refused.field, refused.message)


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    given: dict[str, object] = {}
    for key, value in pairs:
        if key in given:
            raise ValueError(f"“{key}” is given twice")
        given[key] = value
    return given


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


class _Reader:
    """Reads one case, collecting what is wrong instead of stopping at the first."""

    def __init__(self, brought_into_force: BroughtIntoForce) -> None:
        self.faults: list[Fault] = []
        self.brought_into_force = brought_into_force

    def read(self, given: object) -> CaseFile:
        if not isinstance(given, dict):
            raise WrongFile(Fault("case", "", "must be a JSON object"))
        for key in sorted(set(given) - FIELDS):
            self.fault("case", key, "is not a field of a case file")
        events = [(row, event) for row, event in self.rows(given, "events", "event", EVENT_FIELDS)]
        partnership = self.text(given, "partnership", REFERENCE)
        supposed = self.supposed(given)
        procedure = self.procedure(given, events, partnership, supposed)
        if procedure is None:
            raise WrongFile(*self.faults)
        complaints = tuple(self.complaints(given))
        if complaints and not procedure.takes_complaints:
            self.fault("case", "complaints", f"{procedure.title} takes no complaints")
        case = CaseFile(
            procedure=procedure,
            reference=self.text(given, "reference", REFERENCE),
            partnership=partnership,
            contributing=self.words(given, "contributing"),
            themes=self.words(given, "themes"),
            complaints=complaints,
            criteria=tuple(self.criteria(given)),
            deaths=tuple(self.deaths(given)),
            lead=self.text(given, "lead"),
            chair=self.text(given, "chair"),
            recommendations=tuple(PlanReader(self).recommendations(given)),
            events=numbered(event for event in (self.event(procedure, *row) for row in events) if event),
            today=self.take("case", given, "today", as_day),
            settings=supposed_settings(
                procedure,
                {key: supposed[key] for key in supposed if key not in waiting_editions(procedure.case_type)},
                partial(self.fault, "case"),
            ),
            supposed=tuple(supposed),
        )
        if self.faults:
            raise WrongFile(*self.faults)
        return case

    def fault(self, row: str, field_name: str, message: str) -> None:
        self.faults.append(Fault(row, field_name, message))

    def take(self, row: str, given: Mapping[str, Any], key: str, read: Callable[[object], T]) -> T | None:
        """The field, read; None where it is left out or wrong."""
        if given.get(key) is None:
            return None
        try:
            return read(given[key])
        except ValueError as wrong:
            self.fault(row, key, str(wrong))
            return None

    def rows(
        self, given: Mapping[str, Any], key: str, name: str, fields: set[str]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        rows = [] if given.get(key) is None else given[key]
        if not isinstance(rows, list):
            self.fault("case", key, "must be a list")
            return
        for place, row in enumerate(rows, start=1):
            if not isinstance(row, dict):
                self.fault(f"{name} {place}", "", "must be a JSON object")
                continue
            for unknown in sorted(set(row) - fields):
                self.fault(f"{name} {place}", unknown, f"is not a field of {key}")
            yield f"{name} {place}", row

    def text(self, given: Mapping[str, Any], key: str, shape: re.Pattern[str] | None = None) -> str:
        text = self.take("case", given, key, as_text) or ""
        if shape and text and not shape.fullmatch(text):
            self.fault("case", key, "must be letters, digits and hyphens, 40 at most")
        return text

    def words(self, given: Mapping[str, Any], key: str) -> tuple[str, ...]:
        values = [] if given.get(key) is None else given[key]
        if not isinstance(values, list):
            self.fault("case", key, "must be a list")
            return ()
        read = [self.take("case", {key: value}, key, as_word) for value in values]
        return tuple(dict.fromkeys(word for word in read if word))

    def procedure(
        self,
        given: Mapping[str, Any],
        events: Sequence[tuple[str, Mapping[str, Any]]],
        partnership: str,
        supposed: Mapping[str, object],
    ) -> Procedure | None:
        case_type, edition = given.get("type"), given.get("edition")
        if not isinstance(case_type, str) or case_type not in CASE_TYPES:
            self.fault("case", "type", f"must be one of {', '.join(sorted(CASE_TYPES))}")
            return None
        editions = {procedure.edition: procedure for procedure in editions_of(case_type)}
        begun = supposed_editions(supposed, waiting_editions(case_type), as_day, partial(self.fault, "case"))
        if edition is not None:
            procedure = editions.get(edition) if isinstance(edition, str) else None
            if procedure is None:
                self.fault("case", "edition", f"is not an edition of {case_type}")
            return procedure
        days = []
        for _, event in events:
            try:
                days.append(as_day(event.get("on")))
            except ValueError:
                continue
        begun = {**self.brought_into_force(case_type, partnership), **begun}
        return procedure_in_force(case_type, min(days, default=date.max), begun)

    def event(self, procedure: Procedure, row: str, given: Mapping[str, Any]) -> Event | None:
        key, before = given.get("step"), len(self.faults)
        step = procedure.step(key) if isinstance(key, str) else None
        if step is None:
            named = f"“{key[:40]}” is" if isinstance(key, str) else "is missing, or"
            self.fault(row, "step", f"{named} not a step of {procedure.edition}")
            return None
        on = self.take(row, given, "on", as_day)
        if given.get("on") is None:
            self.fault(row, "on", "is missing")
        subject = self.take(row, given, "subject", as_name) or ""
        answers = self.answers(row, step, given)
        if step.subject and not (subject or answers.get("subject")):
            self.fault(row, "subject", f"say which {step.subject} it concerns")
        recorded_at = self.take(row, given, "recorded_at", as_moment)
        if on is None or len(self.faults) > before:
            return None
        return Event(step.key, on, subject, answers, recorded_at)

    def answers(self, row: str, step: Step, given: Mapping[str, Any]) -> dict[str, str]:
        raw = {} if given.get("answers") is None else given["answers"]
        if not isinstance(raw, dict):
            self.fault(row, "answers", "must be a JSON object")
            return {}
        answers: dict[str, str] = {}
        for key, value in raw.items():
            try:
                if not as_word(key):
                    raise ValueError("is empty")
                answer = normal_answer(step.question(key), value)
                if key == "subject":
                    as_name(answer)
            except ValueError as wrong:
                self.fault(row, f"answers.{key}", str(wrong))
                continue
            if answer:
                answers[key] = answer
        for question in step.questions:
            if question.derives and not question.default and question.key not in raw:
                self.fault(row, f"answers.{question.key}", "is missing")
            elif question.derives and question.key in raw and raw[question.key] == "":
                self.fault(row, f"answers.{question.key}", "is empty")
        return answers

    def complaints(self, given: Mapping[str, Any]) -> Iterator[Complaint]:
        for row, complaint in self.rows(given, "complaints", "complaint", COMPLAINT_FIELDS):
            yield Complaint(
                behaviour_on=self.take(row, complaint, "behaviour_on", as_day),
                reported_on=self.take(row, complaint, "reported_on", as_day),
                body=self.take(row, complaint, "body", as_text) or "",
                incident=self.take(row, complaint, "incident", as_text) or "",
                by=self.take(row, complaint, "by", as_text) or "",
                hate=self.take(row, complaint, "hate", as_truth) or False,
            )

    def criteria(self, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
        for row, criterion in self.rows(given, "criteria", "criterion", CRITERION_FIELDS):
            key = self.take(row, criterion, "key", as_word)
            met = self.take(row, criterion, "met", as_word)
            if key is None:
                self.fault(row, "key", "is missing")
            if met not in ("met", "not_met", "unclear"):
                self.fault(row, "met", "must be met, not_met or unclear")
            evidence = self.take(row, criterion, "evidence", as_text)
            yield {"key": key or "", "met": met or ""} | ({"evidence": evidence} if evidence else {})

    def deaths(self, given: Mapping[str, Any]) -> Iterator[dict[str, str]]:
        for row, death in self.rows(given, "deaths", "death", DEATH_FIELDS):
            found = {
                "on": self.take(row, death, "on", as_part_day),
                "age_band": self.take(row, death, "age_band", as_text),
            }
            yield {key: text for key, text in found.items() if text}

    def supposed(self, given: Mapping[str, Any]) -> Mapping[str, object]:
        settings = {} if given.get("settings") is None else given["settings"]
        if not isinstance(settings, dict):
            self.fault("case", "settings", "must be a JSON object")
            return {}
        return settings

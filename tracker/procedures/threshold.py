"""The threshold of an ASB case review: the statutory test and the local one, over dated complaints.

The tests count; a person decides. They are separate, and neither is derived from the other.

Source: Anti-social Behaviour, Crime and Policing Act 2014 s. 104(4) and (11); local limbs as a partnership sets them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.procedures.calendars import spelled
from tracker.procedures.periods import last_day_beginning_with, months_before

APPLICANT = "the applicant"
MONTHS_TO_COMPLAIN = 1
MONTHS_TO_APPLY = 6
MOST_COMPLAINTS_NEEDED = 3


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report of anti-social behaviour to a body.

    The same *incident* text is the same incident; without one, the complaint is an incident of its own. Without *by*,
    the applicant made it.
    """

    behaviour_on: date | None
    reported_on: date | None
    body: str = ""
    incident: str = ""
    by: str = ""
    hate: bool = False


@dataclass(frozen=True, slots=True)
class Limb:
    """One way to meet the local test: *count* distinct incidents, reported in the *months* up to the application.

    By one person, unless hate-motivated (then by anybody). With *different_people*, distinct people are counted in
    place of incidents. *last_report_within_months*: the latest of the reports must be as recent as that.
    """

    key: str
    label: str
    count: int
    months: int
    hate: bool = False
    different_people: bool = False
    last_report_within_months: int | None = None

    def __post_init__(self) -> None:
        recent = self.last_report_within_months
        if min(self.count, self.months, 1 if recent is None else recent) < 1:
            raise ValueError(f"{self.label}: counts and months must be 1 or more")


SHROPSHIRE_LIMBS = (
    Limb("same_person", "3 incidents reported by the same person in 6 months", count=3, months=6),
    Limb("hate", "1 hate-motivated incident in 3 months", count=1, months=3, hate=True),
)


@dataclass(frozen=True, slots=True)
class ThresholdSettings:
    """What a partnership sets: how many qualifying complaints the statutory test needs, and the local limbs."""

    complaints_needed: int = MOST_COMPLAINTS_NEEDED
    limbs: tuple[Limb, ...] = SHROPSHIRE_LIMBS

    def __post_init__(self) -> None:
        if self.complaints_needed < 1:
            raise ValueError(f"At least one qualifying complaint is needed, not {self.complaints_needed}")

    def warnings(self) -> tuple[str, ...]:
        if self.complaints_needed <= MOST_COMPLAINTS_NEEDED:
            return ()
        return (
            f"{self.complaints_needed} qualifying complaints are asked for. The Act lets a partnership ask for"
            f" {MOST_COMPLAINTS_NEEDED} or fewer (section 104(4)).",
        )


@dataclass(frozen=True, slots=True)
class ComplaintResult:
    """`counted_once_with`: the number, from 1, of the earlier complaint about the same incident that was counted."""

    qualifies: bool
    why: str
    counted_once_with: int | None = None


@dataclass(frozen=True, slots=True)
class StatutoryTest:
    """`qualifying` counts incidents, not reports."""

    met: bool
    needed: int
    qualifying: int
    complaints: tuple[ComplaintResult, ...]


@dataclass(frozen=True, slots=True)
class LocalComplaintResult:
    """`counted_once_with`: the number, from 1, of the earlier complaint that was counted in its place."""

    counts: bool
    why: str
    counted_once_with: int | None = None


@dataclass(frozen=True, slots=True)
class LimbResult:
    """One limb, with what became of each complaint, in the order given."""

    key: str
    label: str
    count: int
    needed: int
    met: bool
    complaints: tuple[LocalComplaintResult, ...]


@dataclass(frozen=True, slots=True)
class LocalTest:
    """The limbs joined by OR. `limb`: the label of the first that is met. `complaints`: over all limbs together."""

    met: bool
    limb: str | None
    limbs: tuple[LimbResult, ...]
    complaints: tuple[LocalComplaintResult, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """Both tests, side by side."""

    statutory: StatutoryTest
    local: LocalTest

    def as_json(self) -> dict[str, object]:
        return {
            "statutory": {
                "met": self.statutory.met,
                "qualifying": self.statutory.qualifying,
                "complaints": [
                    {"qualifies": complaint.qualifies, "why": complaint.why} for complaint in self.statutory.complaints
                ],
            },
            "local": {"met": self.local.met, "limb": self.local.limb},
        }


def assess(complaints: Sequence[Complaint], applied_on: date, settings: ThresholdSettings) -> Threshold:
    """Both tests for an application made on *applied_on*."""
    return Threshold(_statutory_test(complaints, applied_on, settings), _local_test(complaints, applied_on, settings))


def _statutory_test(complaints: Sequence[Complaint], applied_on: date, settings: ThresholdSettings) -> StatutoryTest:
    tested = [_tested_by_itself(complaint, applied_on) for complaint in complaints]
    qualifying = [place for place, (qualifies, _) in enumerate(tested) if qualifies]
    counted = _first_of_each(qualifying, lambda place: _incident(complaints, place))
    results = tuple(
        ComplaintResult(True, f"Qualifies, but the same incident as complaint {counted[place]}", counted[place])
        if counted.get(place)
        else ComplaintResult(*answer)
        for place, answer in enumerate(tested)
    )
    incidents = _distinct(counted)
    return StatutoryTest(incidents >= settings.complaints_needed, settings.complaints_needed, incidents, results)


def _tested_by_itself(complaint: Complaint, applied_on: date) -> tuple[bool, str]:
    """Whether it qualifies, and why.

    Made within one month beginning with the behaviour, and applied for within six beginning with the complaint.
    """
    behaviour_on, reported_on = complaint.behaviour_on, complaint.reported_on
    if behaviour_on is None and reported_on is None:
        return False, "The dates of the behaviour and of the complaint are missing"
    if behaviour_on is None:
        return False, "The date of the behaviour is missing"
    if reported_on is None:
        return False, "The date of the complaint is missing"
    if reported_on < behaviour_on:
        return False, f"Complained on {spelled(reported_on)}, before the behaviour on {spelled(behaviour_on)}"
    if reported_on > applied_on:
        return False, f"Complained on {spelled(reported_on)}, after the application on {spelled(applied_on)}"
    if reported_on > (last_to_complain := last_day_beginning_with(behaviour_on, MONTHS_TO_COMPLAIN)):
        return False, f"Complained too late: the last day was {spelled(last_to_complain)}"
    if applied_on > (last_to_apply := last_day_beginning_with(reported_on, MONTHS_TO_APPLY)):
        return False, f"Applied too late: the last day was {spelled(last_to_apply)}"
    after = (reported_on - behaviour_on).days
    when = "Same day" if after == 0 else "1 day after" if after == 1 else f"{after} days after"
    return True, f"{when}; application allowed until {spelled(last_to_apply)}"


def _local_test(complaints: Sequence[Complaint], applied_on: date, settings: ThresholdSettings) -> LocalTest:
    limbs = tuple(_limb_result(limb, complaints, applied_on) for limb in settings.limbs)
    met = next((limb.label for limb in limbs if limb.met), None)
    if not limbs:
        return LocalTest(
            False, None, (), tuple(LocalComplaintResult(False, "No local test is set") for _ in complaints)
        )
    # A limb that is met speaks before one that is not.
    telling = sorted(limbs, key=lambda limb: not limb.met)
    overall = tuple(_over_all(answers) for answers in zip(*(limb.complaints for limb in telling), strict=True))
    return LocalTest(met is not None, met, limbs, overall)


def _over_all(answers: Sequence[LocalComplaintResult]) -> LocalComplaintResult:
    """The first limb in which it counts; else the first in which another stands for it; else the first limb."""
    once = (answer for answer in answers if answer.counted_once_with)
    return next((answer for answer in answers if answer.counts), next(once, answers[0]))


def _limb_result(limb: Limb, complaints: Sequence[Complaint], applied_on: date) -> LimbResult:
    whys = {place: _outside(limb, complaint, applied_on) for place, complaint in enumerate(complaints)}
    inside = [place for place, why in whys.items() if not why]
    by_anybody = limb.hate or limb.different_people
    tried = [_reports(limb, inside, complaints, applied_on)]
    if not by_anybody:
        tried = [
            _reports(limb, [place for place in inside if _person(complaints[place]) == person], complaints, applied_on)
            for person in _people(complaints)
        ]
    # The person with the most incidents speaks for the limb: the applicant, where several have as many.
    best = max(tried, key=lambda reports: (reports.met, reports.count))
    person = _person(complaints[next(iter(best.stands_for))]) if best.stands_for else APPLICANT
    results = []
    for place, complaint in enumerate(complaints):
        if why := whys[place]:
            results.append(LocalComplaintResult(False, why))
        elif place not in best.stands_for:
            results.append(LocalComplaintResult(False, f"Made by {_person(complaint)}, not {person}"))
        elif number := best.stands_for[place]:
            same = "person" if limb.different_people else "incident"
            results.append(LocalComplaintResult(False, f"Same {same} as complaint {number}", number))
        else:
            results.append(LocalComplaintResult(True, _inside(limb, complaint)))
    return LimbResult(limb.key, limb.label, best.count, limb.count, best.met, tuple(results))


@dataclass(frozen=True, slots=True)
class _Reports:
    """Complaints that a limb may count together, each with the number of the earlier one that stands for it, if any."""

    stands_for: dict[int, int | None]
    count: int
    met: bool


def _reports(limb: Limb, places: Sequence[int], complaints: Sequence[Complaint], applied_on: date) -> _Reports:
    def unit(place: int) -> object:
        return _person(complaints[place]) if limb.different_people else _incident(complaints, place)

    stands_for = _first_of_each(places, unit)
    count = _distinct(stands_for)
    recent = True
    if limb.last_report_within_months is not None:
        since = months_before(applied_on, limb.last_report_within_months)
        recent = any((complaints[place].reported_on or date.min) >= since for place in places)
    return _Reports(stands_for, count, count >= limb.count and recent)


def _people(complaints: Sequence[Complaint]) -> list[str]:
    """Everybody who complained, the applicant first, then in the order of the alphabet."""
    return [APPLICANT, *sorted({_person(complaint) for complaint in complaints} - {APPLICANT})]


def _outside(limb: Limb, complaint: Complaint, applied_on: date) -> str:
    """Why a complaint is out of the limb's reach, or nothing."""
    since = months_before(applied_on, limb.months)
    if complaint.reported_on is None:
        return "The date of the complaint is missing"
    if limb.hate and not complaint.hate:
        return "Not recorded as hate-motivated"
    if complaint.reported_on < since:
        return f"Before {spelled(since)}: outside {_months(limb)}"
    if complaint.reported_on > applied_on:
        return f"After the application on {spelled(applied_on)}"
    return ""


def _inside(limb: Limb, complaint: Complaint) -> str:
    hate = "Hate-motivated, in" if limb.hate else "In"
    return f"{hate} {_months(limb)}, by {_person(complaint)}"


def _months(limb: Limb) -> str:
    return "the month" if limb.months == 1 else f"the {limb.months} months"


def _person(complaint: Complaint) -> str:
    by = complaint.by.strip()
    return APPLICANT if by.casefold() in {"", "applicant", APPLICANT} else by


def _incident(complaints: Sequence[Complaint], place: int) -> object:
    """What tells incidents apart: the text, or the complaint's own place where it has none."""
    return complaints[place].incident.strip() or place


def _first_of_each(places: Iterable[int], unit: Callable[[int], object]) -> dict[int, int | None]:
    """For each place the number (from 1) of the earlier one that stands for it, or None where it is the first."""
    first: dict[object, int] = {}
    return {
        place: None if (number := first.setdefault(unit(place), place + 1)) == place + 1 else number for place in places
    }


def _distinct(stands_for: dict[int, int | None]) -> int:
    return sum(1 for earlier in stands_for.values() if earlier is None)

"""The threshold of an ASB case review: each rule of the domain reference, the look page's case, and an oracle."""

from dataclasses import asdict, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit import oracle
from tracker.procedures.threshold import (
    SHROPSHIRE_LIMBS,
    Complaint,
    ComplaintResult,
    Limb,
    LimbResult,
    LocalComplaintResult,
    ThresholdSettings,
    assess,
)

SHROPSHIRE = ThresholdSettings()
APPLIED = date(2025, 9, 8)
SAME_PERSON, HATE = (limb.label for limb in SHROPSHIRE_LIMBS)


def complaint(behaviour_on: date, days_after: int = 0) -> Complaint:
    return Complaint(behaviour_on, behaviour_on + timedelta(days=days_after))


def alone(behaviour_on: date | None, reported_on: date | None, applied_on: date) -> ComplaintResult:
    return assess([Complaint(behaviour_on, reported_on)], applied_on, SHROPSHIRE).statutory.complaints[0]


def limb_result(limb: Limb, complaints: list[Complaint], applied_on: date = APPLIED) -> LimbResult:
    return assess(complaints, applied_on, ThresholdSettings(limbs=(limb,))).local.limbs[0]


# The case of the look page: five complaints about four incidents, applied for on 8 September 2025.
NORTHMARCH = [
    Complaint(date(2025, 1, 10), date(2025, 2, 12), "Council", "Noise in January"),
    Complaint(date(2025, 6, 12), date(2025, 6, 16), "Police", "Threats at the door"),
    Complaint(date(2025, 7, 3), date(2025, 7, 3), "Council", "Noise at night", by="a neighbour"),
    Complaint(date(2025, 7, 19), date(2025, 7, 21), "Police", "Damage to the fence"),
    Complaint(date(2025, 7, 19), date(2025, 7, 30), "Housing", "Damage to the fence"),
]


def test_the_statutory_test_is_met_the_local_test_is_not() -> None:
    threshold = assess(NORTHMARCH, APPLIED, SHROPSHIRE)
    assert threshold.as_json() == {
        "statutory": {
            "met": True,
            "qualifying": 3,
            "complaints": [
                {"qualifies": False, "why": "Complained too late: the last day was 9 February 2025"},
                {"qualifies": True, "why": "4 days after; application allowed until 15 December 2025"},
                {"qualifies": True, "why": "Same day; application allowed until 2 January 2026"},
                {"qualifies": True, "why": "2 days after; application allowed until 20 January 2026"},
                {"qualifies": True, "why": "Qualifies, but the same incident as complaint 4"},
            ],
        },
        "local": {"met": False, "limb": None},
    }
    assert threshold.statutory.needed == 3
    assert [each.counted_once_with for each in threshold.statutory.complaints] == [None, None, None, None, 4]


def test_the_local_test_says_why_each_complaint_counts_or_does_not() -> None:
    local = assess(NORTHMARCH, APPLIED, SHROPSHIRE).local
    assert local.complaints == (
        LocalComplaintResult(False, "Before 8 March 2025: outside the 6 months"),
        LocalComplaintResult(True, "In the 6 months, by the applicant"),
        LocalComplaintResult(False, "Made by a neighbour, not the applicant"),
        LocalComplaintResult(True, "In the 6 months, by the applicant"),
        LocalComplaintResult(False, "Same incident as complaint 4", 4),
    )
    assert [(limb.label, limb.count, limb.needed, limb.met) for limb in local.limbs] == [
        (SAME_PERSON, 2, 3, False),
        (HATE, 0, 1, False),
    ]


@pytest.mark.parametrize(
    ("reported_on", "qualifies"),
    [(date(2025, 1, 9), False), (date(2025, 1, 10), True), (date(2025, 2, 9), True), (date(2025, 2, 10), False)],
)
def test_a_complaint_is_made_in_one_month_beginning_with_the_behaviour(reported_on: date, qualifies: bool) -> None:
    """Behaviour 10 Jan -> last qualifying complaint date 9 Feb."""
    assert alone(date(2025, 1, 10), reported_on, date(2025, 2, 20)).qualifies is qualifies


@pytest.mark.parametrize(
    ("applied_on", "qualifies"),
    [(date(2025, 1, 9), False), (date(2025, 1, 10), True), (date(2025, 7, 9), True), (date(2025, 7, 10), False)],
)
def test_the_application_is_made_in_six_months_beginning_with_the_complaint(applied_on: date, qualifies: bool) -> None:
    """Complaint 10 Jan -> application by 9 Jul."""
    assert alone(date(2025, 1, 10), date(2025, 1, 10), applied_on).qualifies is qualifies


def test_a_clamped_month_ends_on_its_last_day() -> None:
    assert alone(date(2025, 1, 31), date(2025, 2, 28), APPLIED - timedelta(days=30)).qualifies
    assert alone(date(2025, 1, 29), date(2025, 3, 1), APPLIED - timedelta(days=30)).why == (
        "Complained too late: the last day was 28 February 2025"
    )
    assert alone(date(2025, 8, 31), date(2025, 8, 31), date(2026, 2, 28)).qualifies
    assert not alone(date(2025, 8, 31), date(2025, 8, 31), date(2026, 3, 1)).qualifies


@pytest.mark.parametrize(
    ("behaviour_on", "reported_on", "why"),
    [
        (None, date(2025, 9, 1), "The date of the behaviour is missing"),
        (date(2025, 9, 1), None, "The date of the complaint is missing"),
        (None, None, "The dates of the behaviour and of the complaint are missing"),
        (
            date(2025, 9, 2),
            date(2025, 9, 1),
            "Complained on 1 September 2025, before the behaviour on 2 September 2025",
        ),
        (
            date(2025, 9, 1),
            date(2025, 9, 9),
            "Complained on 9 September 2025, after the application on 8 September 2025",
        ),
        (date(2025, 3, 1), date(2025, 3, 8), "Applied too late: the last day was 7 September 2025"),
        (date(2025, 9, 1), date(2025, 9, 2), "1 day after; application allowed until 1 March 2026"),
        (date(2025, 9, 8), date(2025, 9, 8), "Same day; application allowed until 7 March 2026"),
        (date.max, date.max, "Complained on 31 December 9999, after the application on 8 September 2025"),
    ],
)
def test_each_complaint_says_why(behaviour_on: date | None, reported_on: date | None, why: str) -> None:
    result = alone(behaviour_on, reported_on, APPLIED)
    assert result.why == why
    assert result.qualifies is why.endswith("2026")


def test_at_least_three_or_a_lower_number_set_locally() -> None:
    two = [complaint(date(2025, 7, 1)), complaint(date(2025, 7, 2))]
    assert not assess(two, APPLIED, SHROPSHIRE).statutory.met
    assert assess([*two, complaint(date(2025, 7, 3))], APPLIED, SHROPSHIRE).statutory.met
    lower = assess(two, APPLIED, ThresholdSettings(complaints_needed=2)).statutory
    assert (lower.met, lower.needed, lower.qualifying) == (True, 2, 2)


def test_more_than_three_is_warned_of() -> None:
    assert ThresholdSettings(complaints_needed=1).warnings() == ()
    assert SHROPSHIRE.warnings() == ()
    (warning,) = ThresholdSettings(complaints_needed=4).warnings()
    assert warning.startswith("4 qualifying complaints are asked for")


def test_settings_that_ask_for_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="At least one qualifying complaint"):
        ThresholdSettings(complaints_needed=0)
    for count, months, recent in ((0, 6, None), (3, 0, None), (3, 6, 0)):
        with pytest.raises(ValueError, match="must be 1 or more"):
            Limb("nothing", "Nothing", count, months, last_report_within_months=recent)


def test_the_same_incident_reported_to_several_bodies_is_one() -> None:
    noise = [
        Complaint(date(2025, 7, 1), date(2025, 7, day), body, "Noise") for day, body in ((2, "A"), (3, "B"), (4, "C"))
    ]
    statutory = assess(noise, APPLIED, SHROPSHIRE).statutory
    assert statutory.qualifying == 1
    assert [each.qualifies for each in statutory.complaints] == [True, True, True]
    assert [each.counted_once_with for each in statutory.complaints] == [None, 1, 1]


def test_a_repeat_counts_where_the_first_report_was_too_late() -> None:
    late_then_in_time = [
        Complaint(date(2025, 6, 1), date(2025, 7, 2), "Council", "Noise"),
        Complaint(date(2025, 6, 1), date(2025, 6, 30), "Police", "Noise"),
    ]
    statutory = assess(late_then_in_time, APPLIED, SHROPSHIRE).statutory
    assert [(each.qualifies, each.counted_once_with) for each in statutory.complaints] == [(False, None), (True, None)]
    assert statutory.qualifying == 1


def test_a_complaint_without_incident_is_one_of_its_own() -> None:
    assert assess([complaint(date(2025, 7, 1))] * 3, APPLIED, SHROPSHIRE).statutory.qualifying == 3


def test_complaints_of_different_people_count_together_for_the_statutory_test() -> None:
    three = [replace(complaint(date(2025, 7, 1)), by=by) for by in ("", "a neighbour", "a tenant")]
    threshold = assess(three, APPLIED, SHROPSHIRE)
    assert threshold.statutory.met
    assert not threshold.local.met


def test_the_local_limb_may_be_met_alone() -> None:
    """Reported within six months, though more than a month after the behaviour."""
    late = [complaint(date(2025, 5, day), days_after=40) for day in (1, 2, 3)]
    threshold = assess(late, APPLIED, SHROPSHIRE)
    assert (threshold.statutory.met, threshold.statutory.qualifying) == (False, 0)
    assert threshold.as_json()["local"] == {"met": True, "limb": SAME_PERSON}


@pytest.mark.parametrize(
    ("reported_on", "counts", "why"),
    [
        (date(2025, 3, 7), False, "Before 8 March 2025: outside the 6 months"),
        (date(2025, 3, 8), True, "In the 6 months, by the applicant"),
        (date(2025, 9, 8), True, "In the 6 months, by the applicant"),
        (date(2025, 9, 9), False, "After the application on 8 September 2025"),
        (None, False, "The date of the complaint is missing"),
    ],
)
def test_the_six_months_up_to_the_application(reported_on: date | None, counts: bool, why: str) -> None:
    """Before 8 March: outside the 6 months. So 8 March is inside, and so is the day of the application."""
    result = limb_result(SHROPSHIRE_LIMBS[0], [Complaint(None, reported_on)])
    assert result.complaints == (LocalComplaintResult(counts, why),)
    assert result.count == int(counts)


def test_the_same_person_limb_takes_the_person_with_most_incidents() -> None:
    reports = [
        replace(complaint(date(2025, 7, day)), by=by)
        for day, by in ((1, ""), (2, "a neighbour"), (3, "a neighbour"), (4, "a neighbour"))
    ]
    result = limb_result(SHROPSHIRE_LIMBS[0], reports)
    assert (result.count, result.met) == (3, True)
    assert result.complaints[0].why == "Made by the applicant, not a neighbour"
    assert result.complaints[1].why == "In the 6 months, by a neighbour"


@pytest.mark.parametrize("by", ["", " ", "applicant", "Applicant", "the applicant"])
def test_a_complaint_without_by_is_the_applicants(by: str) -> None:
    reports = [complaint(date(2025, 7, 1)), complaint(date(2025, 7, 2)), replace(complaint(date(2025, 7, 3)), by=by)]
    assert limb_result(SHROPSHIRE_LIMBS[0], reports).met


def test_the_local_limb_counts_distinct_incidents_of_the_person() -> None:
    """A neighbour's report of an incident does not take it from the applicant."""
    reports = [
        Complaint(None, date(2025, 7, 1), incident="Noise", by="a neighbour"),
        Complaint(None, date(2025, 7, 2), incident="Noise"),
        Complaint(None, date(2025, 7, 3), incident="Noise"),
        Complaint(None, date(2025, 7, 4), incident="Fence"),
    ]
    result = limb_result(SHROPSHIRE_LIMBS[0], reports)
    assert result.count == 2
    assert [(each.counts, each.counted_once_with) for each in result.complaints] == [
        (False, None),
        (True, None),
        (False, 2),
        (True, None),
    ]


@pytest.mark.parametrize(
    ("reported_on", "met"), [(date(2025, 6, 7), False), (date(2025, 6, 8), True), (date(2025, 9, 8), True)]
)
def test_one_hate_motivated_incident_in_three_months_by_anybody(reported_on: date, met: bool) -> None:
    hate = Complaint(reported_on, reported_on, by="a neighbour", hate=True)
    local = assess([hate], APPLIED, SHROPSHIRE).local
    assert (local.met, local.limb) == (met, HATE if met else None)
    if met:
        assert local.complaints[0].why == "Hate-motivated, in the 3 months, by a neighbour"


def test_hate_motivated_incidents_of_several_people_count_together() -> None:
    limb = Limb("hate", "2 hate-motivated incidents in 6 months", count=2, months=6, hate=True)
    reports = [Complaint(None, date(2025, 7, 1), by=by, hate=True) for by in ("", "a neighbour")]
    assert limb_result(limb, reports).met
    assert not limb_result(limb, [reports[0], replace(reports[1], hate=False)]).met


def test_the_first_limb_that_is_met_is_named() -> None:
    three = [replace(complaint(date(2025, 7, day)), hate=True) for day in (1, 2, 3)]
    local = assess(three, APPLIED, SHROPSHIRE).local
    assert local.limb == SAME_PERSON
    assert [limb.met for limb in local.limbs] == [True, True]


def test_a_limb_of_different_people_counts_people() -> None:
    limb = Limb("different_people", "3 different people in 6 months", count=3, months=6, different_people=True)
    people = [replace(complaint(date(2025, 7, 1)), by=by) for by in ("", "a neighbour", "a neighbour", "a tenant")]
    result = limb_result(limb, people)
    assert (result.count, result.met) == (3, True)
    assert result.complaints[2] == LocalComplaintResult(False, "Same person as complaint 2", 2)
    assert not limb_result(limb, people[:3]).met


@pytest.mark.parametrize(("last", "met"), [(date(2025, 8, 7), False), (date(2025, 8, 8), True)])
def test_a_limb_may_ask_for_a_recent_last_report(last: date, met: bool) -> None:
    """Others seen: last report within 1 month."""
    limb = Limb("recent", "2 in 6 months, the last within 1", count=2, months=6, last_report_within_months=1)
    result = limb_result(limb, [complaint(date(2025, 6, 1)), complaint(last)])
    assert (result.count, result.met) == (2, met)


def test_without_complaints_nothing_is_met() -> None:
    assert assess([], APPLIED, SHROPSHIRE).as_json() == {
        "statutory": {"met": False, "qualifying": 0, "complaints": []},
        "local": {"met": False, "limb": None},
    }


def test_without_limbs_the_local_test_is_never_met() -> None:
    local = assess([complaint(APPLIED)] * 9, APPLIED, ThresholdSettings(limbs=())).local
    assert (local.met, local.limb, local.limbs) == (False, None, ())
    assert {each.why for each in local.complaints} == {"No local test is set"}


DAYS = st.dates(date(2025, 1, 1), date(2025, 10, 1))
COMPLAINTS = st.builds(
    lambda behaviour_on, gap, missing, **rest: Complaint(
        None if missing == "behaviour" else behaviour_on,
        None if missing == "report" else behaviour_on + timedelta(days=gap),
        **rest,
    ),
    behaviour_on=DAYS,
    gap=st.one_of(st.integers(-2, 3), st.integers(26, 34)),
    missing=st.sampled_from(["", "", "", "behaviour", "report"]),
    incident=st.sampled_from(["", "", "Noise", "Fence", "Threats"]),
    by=st.sampled_from(["", "", "a neighbour"]),
    hate=st.integers(0, 9).map(lambda chance: chance == 0),
)
MANY = st.lists(COMPLAINTS, max_size=8)


@given(complaints=MANY, applied_on=st.dates(date(2025, 6, 1), date(2026, 3, 31)))
def test_both_tests_agree_with_the_oracle(complaints: list[Complaint], applied_on: date) -> None:
    threshold = assess(complaints, applied_on, SHROPSHIRE)
    told = [asdict(each) for each in complaints]
    assert [each.qualifies for each in threshold.statutory.complaints] == [
        oracle.qualifies(each.behaviour_on, each.reported_on, applied_on) for each in complaints
    ]
    assert threshold.statutory.qualifying == oracle.qualifying_incidents(told, applied_on)
    assert threshold.statutory.met == (threshold.statutory.qualifying >= 3)
    assert threshold.local.met == oracle.shropshire_is_met(told, applied_on)


@given(complaints=MANY, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_complaints_does_not_matter(complaints: list[Complaint], shuffled: object) -> None:
    other = list(complaints)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    one, two = (assess(each, APPLIED, SHROPSHIRE) for each in (complaints, other))
    assert (one.statutory.met, one.statutory.qualifying) == (two.statutory.met, two.statutory.qualifying)
    assert (one.local.met, one.local.limb) == (two.local.met, two.local.limb)
    assert [limb.count for limb in one.local.limbs] == [limb.count for limb in two.local.limbs]


@given(complaints=MANY, another=COMPLAINTS)
def test_another_complaint_never_lowers_a_count(complaints: list[Complaint], another: Complaint) -> None:
    before, after = (assess(each, APPLIED, SHROPSHIRE) for each in (complaints, [*complaints, another]))
    assert after.statutory.qualifying >= before.statutory.qualifying
    for old, new in zip(before.local.limbs, after.local.limbs, strict=True):
        assert new.count >= old.count


@given(complaints=MANY)
def test_the_complaints_that_count_add_up(complaints: list[Complaint]) -> None:
    threshold = assess(complaints, APPLIED, SHROPSHIRE)
    counted = [each for each in threshold.statutory.complaints if each.qualifies and each.counted_once_with is None]
    assert len(counted) == threshold.statutory.qualifying
    for limb in threshold.local.limbs:
        assert sum(each.counts for each in limb.complaints) == limb.count

"""Stages: every sentence of "Stages move on", the stage tables, and what may and may not be recorded where.

The strings quoted in the tests are those of the domain reference.
"""

import pytest

from tests.unit.reckoned import Event, event, reckoned
from tracker.procedures import PROCEDURES
from tracker.procedures.facts import NotAllowed

# -- Domestic Homicide Review -----------------------------------------------------------------------------------------

RECEIVED = event("notification_received", "2025-01-31")
FOR_DECISION = [RECEIVED, event("submitted_for_decision", "2025-02-10")]
REVIEW = [RECEIVED, event("decided_to_review", "2025-02-20")]
SCRUTINY = [RECEIVED, event("decided_not_to_review", "2025-02-20")]
QA = [*REVIEW, event("submitted_to_qa", "2025-08-20")]
AFTER_CHANGES = [*QA, event("qa_feedback_received", "2026-01-19", outcome="publish_after_changes")]
CLEARED = [*QA, event("qa_feedback_received", "2026-01-19", outcome="cleared")]
PUBLISHED = [*CLEARED, event("published", "2026-02-13", form="full")]
WITHHELD = [*CLEARED, event("publication_withheld", "2026-02-13")]
DHR_AT = {
    "referral": [RECEIVED],
    "decision": FOR_DECISION,
    "home_office_scrutiny": SCRUTINY,
    "review": REVIEW,
    "home_office_qa": QA,
    "publication": CLEARED,
    "monitoring": PUBLISHED,
    "closed": [*PUBLISHED, event("closed", "2026-03-02", reason="complete")],
}

# -- ASB Case Review --------------------------------------------------------------------------------------------------

APPLIED = event("application_received", "2025-03-03")
NOT_MET = [APPLIED, event("threshold_not_met", "2025-03-24")]
MET = [APPLIED, event("threshold_met", "2025-03-24")]
HELD = [*MET, event("panel_held", "2025-04-14")]
PLAN = [*HELD, event("plan_agreed", "2025-04-22")]
ASB_AT = {
    "application": [APPLIED],
    "threshold": NOT_MET,
    "review": MET,
    "action_plan": PLAN,
    "appeal": [*NOT_MET, event("appeal_requested", "2025-04-01", ground="threshold")],
    "closed": [APPLIED, event("withdrawn", "2025-03-24")],
}

# -- Offensive Weapons Homicide Review --------------------------------------------------------------------------------

POLICE, COUNCIL, BOARD = "Chief officer of police", "Local authority", "Integrated care board"
LOGGED = event("death_logged", "2026-09-04")
AWARE = [LOGGED, event("partner_aware", "2026-09-07", POLICE)]
DUTY = [*AWARE, event("partner_notified", "2026-10-05", POLICE, notice="duty")]
SENT = [*DUTY, event("review_arranged", "2026-10-30"), event("report_sent", "2027-10-29")]
OUT = [*SENT, event("published_by_secretary_of_state", "2028-01-10", form="full")]
OWHR_AT = {
    "referral": [LOGGED],
    "decision": AWARE,
    "review": DUTY,
    "home_office": SENT,
    "publication": OUT,
    "monitoring": [*OUT, event("persons_told", "2028-01-11")],
    "closed": [*AWARE, event("closed", "2026-10-05", reason="other")],
}

HISTORIES = {"dhr": DHR_AT, "asb": ASB_AT, "owhr": OWHR_AT}
LATER = "2028-03-01"


def stage_after(case_type: str, *events: Event) -> str:
    return reckoned(case_type, *events).stage


def refusal(case_type: str, *events: Event) -> str:
    """Why the last of the events is refused; those before it are not."""
    reckoned(case_type, *events[:-1])
    with pytest.raises(NotAllowed) as refused:
        reckoned(case_type, *events)
    assert refused.value.number == len(events)
    return str(refused.value)


@pytest.mark.parametrize(
    ("case_type", "stage"), [(case_type, stage) for case_type, stages in HISTORIES.items() for stage in stages]
)
def test_each_stage_can_be_reached(case_type: str, stage: str) -> None:
    assert stage_after(case_type, *HISTORIES[case_type][stage]) == stage


@pytest.mark.parametrize(
    ("edition", "stages"),
    [
        ("dhr-2016", "referral decision home_office_scrutiny review home_office_qa publication monitoring closed"),
        ("dardr-2024", "referral decision home_office_scrutiny review home_office_qa publication monitoring closed"),
        ("asb-2014", "application threshold review action_plan appeal closed"),
        ("owhr-2022", "referral decision review home_office publication monitoring closed"),
    ],
)
def test_the_stages_are_those_of_the_table_of_keys(edition: str, stages: str) -> None:
    assert [stage.key for stage in PROCEDURES[edition].stages] == stages.split()


COMMON = "hold_started hold_ended deadline_extended discontinued transferred merged closed reopened recorded_in_error"


@pytest.mark.parametrize(
    ("edition", "steps"),
    [
        (
            "dhr-2016",
            "notification_received agencies_scoped submitted_for_decision decided_to_review decided_not_to_review"
            " home_office_told family_told home_office_accepted home_office_asked_to_reconsider directed_to_review"
            " chair_appointed panel_met terms_agreed imr_requested imr_received family_engaged draft_shared_with_family"
            " panel_signed_off partnership_signed_off submitted_to_qa qa_feedback_received qa_changes_made"
            " commissioner_copied family_told_of_publication published publication_withheld"
            " home_office_told_of_publication removed_from_site action_plan_agreed action_plan_updated"
            " stocktake_recorded action_plan_completed",
        ),
        (
            "asb-2014",
            "application_received acknowledged consent_recorded passed_to_bodies information_requested"
            " information_received application_invalid withdrawn threshold_met threshold_not_met applicant_told"
            " discretionary_review_agreed panel_arranged papers_sent panel_held recommendations_made no_recommendations"
            " outcome_letter_sent plan_agreed plan_reviewed plan_completed appeal_requested passed_to_appeal_body"
            " appeal_decided victim_told_of_closure",
        ),
        (
            "owhr-2022",
            "death_logged partner_aware partner_notified review_arranged information_requested information_received"
            " panel_met report_prepared safety_check_passed report_sent persons_told published_by_secretary_of_state"
            " action_plan_agreed action_plan_completed",
        ),
    ],
)
def test_the_steps_are_those_of_the_table_of_keys_in_its_order(edition: str, steps: str) -> None:
    assert [step.key for step in PROCEDURES[edition].steps] == f"{steps} {COMMON}".split()


@pytest.mark.parametrize(
    ("case_type", "step", "answer", "choices"),
    [
        ("dhr", "home_office_told", "about", "decision extension discontinuation"),
        ("dhr", "qa_feedback_received", "outcome", "cleared publish_after_changes resubmit"),
        ("dhr", "published", "form", "full executive_summary learning"),
        ("dhr", "stocktake_recorded", "which", "6 12"),
        ("asb", "consent_recorded", "consent", "given awaited refused"),
        ("asb", "panel_held", "victim", "attended represented statement invited_absent not_invited"),
        ("asb", "appeal_requested", "ground", "threshold conduct"),
        ("asb", "appeal_decided", "outcome", "upheld not_upheld"),
        ("owhr", "partner_notified", "notice", "duty no_duty unable not_required"),
        ("owhr", "published_by_secretary_of_state", "form", "full part"),
    ],
)
def test_the_answers_are_those_of_the_table_of_keys(case_type: str, step: str, answer: str, choices: str) -> None:
    procedure = next(procedure for procedure in PROCEDURES.values() if procedure.case_type == case_type)
    found = procedure.step(step)
    question = found.question(answer) if found else None
    assert question is not None
    assert question.admits == tuple(choices.split())


@pytest.mark.parametrize(
    ("case_type", "step"),
    [
        ("dhr", "imr_requested"),
        ("dhr", "imr_received"),
        ("asb", "information_requested"),
        ("asb", "information_received"),
        ("owhr", "partner_aware"),
        ("owhr", "partner_notified"),
        ("owhr", "information_requested"),
        ("owhr", "information_received"),
    ],
)
def test_the_steps_with_a_star_have_a_subject_and_no_others(case_type: str, step: str) -> None:
    """\\* has a subject: the agency, relevant body or review partner it concerns."""
    procedure = next(procedure for procedure in PROCEDURES.values() if procedure.case_type == case_type)
    starred = {found.key for found in procedure.steps if found.subject}
    assert step in starred
    assert len(starred) == {"dhr": 2, "asb": 2, "owhr": 4}[case_type]


# -- Stages move on: DHR ----------------------------------------------------------------------------------------------


def test_submitted_for_decision_and_asked_to_reconsider_lead_to_decision() -> None:
    """DHR: submitted for decision, asked to reconsider -> `decision`"""
    assert stage_after("dhr", *FOR_DECISION) == "decision"
    assert stage_after("dhr", *SCRUTINY, event("home_office_asked_to_reconsider", "2025-05-01")) == "decision"


def test_decided_to_review_and_directed_lead_to_review() -> None:
    """decided to review, directed -> `review`"""
    assert stage_after("dhr", *REVIEW) == "review"
    assert stage_after("dhr", *FOR_DECISION, event("decided_to_review", "2025-02-20")) == "review"
    assert stage_after("dhr", *SCRUTINY, event("directed_to_review", "2025-05-01")) == "review"


def test_decided_not_to_review_leads_to_scrutiny() -> None:
    """decided not to -> `home_office_scrutiny`"""
    assert stage_after("dhr", *SCRUTINY) == "home_office_scrutiny"
    assert stage_after("dhr", *FOR_DECISION, event("decided_not_to_review", "2025-02-20")) == "home_office_scrutiny"


def test_a_direction_may_come_long_after_the_home_office_accepted() -> None:
    """A decision not to review ... can be reversed by direction months later. A later direction restarts the completion
    deadline from its own date.
    """
    accepted = [*SCRUTINY, event("home_office_accepted", "2025-04-01")]
    directed = reckoned("dhr", *accepted, event("directed_to_review", "2025-11-03"))
    assert directed.stage == "review"
    (report,) = [deadline for deadline in directed.deadlines if deadline.key == "complete_report"]
    assert (report.started_on.isoformat(), str(report.due)) == ("2025-11-03", "2026-05-03")


def test_a_direction_may_come_while_the_partnership_reconsiders() -> None:
    asked = event("home_office_asked_to_reconsider", "2025-05-01")
    assert stage_after("dhr", *SCRUTINY, asked, event("directed_to_review", "2025-06-02")) == "review"


def test_there_is_nothing_to_direct_before_a_decision_not_to_review() -> None:
    assert "directed" in refusal("dhr", *FOR_DECISION, event("directed_to_review", "2025-02-20")).lower()
    refusal("dhr", *PUBLISHED, event("closed", "2026-03-02"), event("directed_to_review", "2026-04-01"))


def test_submitted_to_qa_leads_to_qa() -> None:
    """submitted to QA -> `home_office_qa`"""
    assert stage_after("dhr", *QA) == "home_office_qa"


def test_qa_feedback_leads_on_or_back_or_nowhere() -> None:
    """cleared, changes made -> `publication`; resubmit -> `review`"""
    assert stage_after("dhr", *CLEARED) == "publication"
    assert stage_after("dhr", *AFTER_CHANGES) == "home_office_qa"
    assert stage_after("dhr", *AFTER_CHANGES, event("qa_changes_made", "2026-02-10")) == "publication"
    assert stage_after("dhr", *QA, event("qa_feedback_received", "2026-01-19", outcome="resubmit")) == "review"


def test_a_resubmission_goes_back_to_qa() -> None:
    resubmit = [*QA, event("qa_feedback_received", "2026-01-19", outcome="resubmit")]
    assert stage_after("dhr", *resubmit, event("submitted_to_qa", "2026-02-10")) == "home_office_qa"


def test_published_and_withheld_lead_to_monitoring() -> None:
    """published, withheld -> `monitoring` (published may follow a withholding, or come straight after
    `publish_after_changes`)
    """
    assert stage_after("dhr", *PUBLISHED) == "monitoring"
    assert stage_after("dhr", *WITHHELD) == "monitoring"
    assert stage_after("dhr", *WITHHELD, event("published", "2026-06-01", form="learning")) == "monitoring"
    assert stage_after("dhr", *AFTER_CHANGES, event("published", "2026-02-13", form="full")) == "monitoring"


def test_home_office_accepted_closes() -> None:
    """home_office_accepted -> `closed`"""
    assert stage_after("dhr", *SCRUTINY, event("home_office_accepted", "2025-04-01")) == "closed"


# -- Stages move on: ASB ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["threshold_met", "discretionary_review_agreed", "panel_arranged", "panel_held"])
def test_what_leads_to_an_asb_review(step: str) -> None:
    """ASB: threshold met, discretionary review, panel arranged or held -> `review`"""
    for history in ([APPLIED], NOT_MET):
        assert stage_after("asb", *history, event(step, "2025-04-14")) == "review"


def test_not_met_leads_to_threshold() -> None:
    """not met -> `threshold`"""
    assert stage_after("asb", *NOT_MET) == "threshold"


def test_plan_agreed_leads_to_action_plan() -> None:
    """plan agreed -> `action_plan`"""
    assert stage_after("asb", *PLAN) == "action_plan"
    assert stage_after("asb", *MET, event("plan_agreed", "2025-04-14")) == "action_plan"


@pytest.mark.parametrize("stage", ["threshold", "review", "action_plan", "closed"])
@pytest.mark.parametrize(("ground", "upheld"), [("threshold", "application"), ("conduct", "review")])
def test_an_appeal_leads_back(stage: str, ground: str, upheld: str) -> None:
    """appeal requested -> `appeal`; decided: upheld -> `application` (threshold) or `review` (conduct), not upheld
    -> the stage before
    """
    history = [*PLAN, event("closed", "2025-04-30")] if stage == "closed" else ASB_AT[stage]
    appealed = [*history, event("appeal_requested", "2025-05-01", ground=ground)]
    assert stage_after("asb", *appealed) == "appeal"
    assert stage_after("asb", *appealed, event("appeal_decided", "2025-05-20", outcome="upheld")) == upheld
    assert stage_after("asb", *appealed, event("appeal_decided", "2025-05-20", outcome="not_upheld")) == stage


def test_the_ground_is_that_of_the_latest_appeal() -> None:
    first = [
        event("appeal_requested", "2025-04-25", ground="threshold"),
        event("appeal_decided", "2025-05-06", outcome="not_upheld"),
    ]
    second = [
        event("appeal_requested", "2025-05-08", ground="conduct"),
        event("appeal_decided", "2025-05-20", outcome="upheld"),
    ]
    assert stage_after("asb", *PLAN, *first, *second) == "review"


@pytest.mark.parametrize(
    ("step", "stages"), [("withdrawn", ASB_AT), ("application_invalid", ["application", "threshold"])]
)
def test_withdrawn_and_invalid_close_at_once(step: str, stages: list[str]) -> None:
    """Any: withdrawn, invalid, discontinued, transferred, merged, closed -> `closed` at once"""
    for stage in stages:
        if stage != "closed":
            assert stage_after("asb", *ASB_AT[stage], event(step, "2025-06-02")) == "closed"


# -- Stages move on: OWHR ---------------------------------------------------------------------------------------------


def notified(partner: str, notice: str, day: str = "2026-10-05") -> Event:
    return event("partner_notified", day, partner, notice=notice)


def test_partner_aware_leads_to_decision() -> None:
    """OWHR: partner aware -> `decision`"""
    assert stage_after("owhr", *AWARE) == "decision"


def test_another_partner_becoming_aware_does_not_take_a_review_back() -> None:
    assert stage_after("owhr", *DUTY, event("partner_aware", "2026-10-12", BOARD)) == "review"


def test_any_duty_notice_and_review_arranged_lead_to_review() -> None:
    """any duty notice, review arranged -> `review`"""
    assert stage_after("owhr", *DUTY) == "review"
    assert stage_after("owhr", *AWARE, notified(POLICE, "no_duty"), notified(COUNCIL, "duty")) == "review"
    assert stage_after("owhr", *AWARE, event("review_arranged", "2026-10-30")) == "review"
    for notice in ("no_duty", "unable", "not_required"):
        assert stage_after("owhr", *AWARE, notified(POLICE, notice)) == "decision"


@pytest.mark.parametrize("last", ["no_duty", "not_required"])
def test_three_partners_without_a_duty_close_it(last: str) -> None:
    """every one of the case's review partners (three unless the case names others) with latest notice `no_duty` or
    `not_required` -> `closed`
    """
    two = [*AWARE, notified(POLICE, "no_duty"), notified(COUNCIL, "not_required")]
    assert stage_after("owhr", *two) == "decision"
    assert stage_after("owhr", *two, notified(BOARD, last)) == "closed"
    assert stage_after("owhr", *two, notified(BOARD, "unable")) == "decision"
    assert stage_after("owhr", *two, notified(BOARD, "unable"), notified(BOARD, last, "2026-11-05")) == "closed"


def test_a_fourth_partner_who_is_aware_keeps_it_open() -> None:
    fourth = event("partner_aware", "2026-09-08", "Second police force")
    three = [notified(POLICE, "no_duty"), notified(COUNCIL, "no_duty"), notified(BOARD, "no_duty")]
    assert stage_after("owhr", *AWARE, fourth, *three) == "decision"
    assert stage_after("owhr", *AWARE, fourth, *three, notified("Second police force", "no_duty")) == "closed"


def test_a_reversal_before_the_start_closes_it_and_a_later_found_duty_opens_it() -> None:
    """later notices (decided after "unable", reversal before start, later-found duty)"""
    reversed_ = [
        *DUTY,
        notified(COUNCIL, "no_duty"),
        notified(BOARD, "no_duty"),
        notified(POLICE, "no_duty", "2026-10-12"),
    ]
    assert stage_after("owhr", *reversed_) == "closed"
    assert stage_after("owhr", *reversed_, notified(COUNCIL, "duty", "2026-12-01")) == "review"


def test_report_sent_then_published_then_told() -> None:
    """report sent -> `home_office`; published -> `publication`; persons told or plan agreed after that ->
    `monitoring`
    """
    assert stage_after("owhr", *SENT) == "home_office"
    assert stage_after("owhr", *OUT) == "publication"
    for step in ("persons_told", "action_plan_agreed"):
        assert stage_after("owhr", *OUT, event(step, "2028-02-01")) == "monitoring"
        assert stage_after("owhr", *SENT, event(step, "2028-01-05")) == "home_office"


# -- Any ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["discontinued", "transferred", "merged", "closed"])
@pytest.mark.parametrize("case_type", HISTORIES)
def test_an_ending_closes_at_once_and_reopening_undoes_it(case_type: str, step: str) -> None:
    """discontinued, transferred, merged, closed -> `closed` at once; reopened -> the stage before closing."""
    for stage, history in HISTORIES[case_type].items():
        if stage == "closed":
            continue
        ended = [*history, event(step, LATER)]
        assert stage_after(case_type, *ended) == "closed"
        assert stage_after(case_type, *ended, event("reopened", "2028-04-03")) == stage
        assert "reopened" not in reckoned(case_type, *history).open_steps


def test_reopening_goes_back_to_the_stage_before_the_latest_closing() -> None:
    first = [
        *REVIEW,
        event("closed", "2025-03-03"),
        event("reopened", "2025-04-01"),
        event("submitted_to_qa", "2025-08-20"),
    ]
    assert (
        stage_after("dhr", *first, event("closed", "2025-09-01"), event("reopened", "2025-09-02")) == "home_office_qa"
    )


@pytest.mark.parametrize(
    ("history", "step", "case_type"),
    [
        (PLAN, "plan_completed", "asb"),
        (HELD, "outcome_letter_sent", "asb"),
        (MET, "applicant_told", "asb"),
        ([*REVIEW, event("action_plan_agreed", "2025-03-03")], "action_plan_completed", "dhr"),
        (SCRUTINY, "home_office_told", "dhr"),
        (SCRUTINY, "family_told", "dhr"),
    ],
)
def test_plan_completed_and_letters_move_nothing(history: list[Event], step: str, case_type: str) -> None:
    """Plan completed and letters move nothing."""
    assert stage_after(case_type, *history, event(step, LATER)) == stage_after(case_type, *history)


def test_a_case_with_nothing_open_and_nothing_due_is_ready_to_close() -> None:
    """A case with nothing open and nothing due shows as "ready to close"."""
    done = [
        *PLAN,
        event("acknowledged", "2025-03-04"),
        event("applicant_told", "2025-03-25"),
        event("outcome_letter_sent", "2025-04-23"),
        event("plan_completed", "2025-05-06"),
    ]
    assert not reckoned("asb", *done, today="2025-05-22").ready_to_close
    assert [deadline.key for deadline in reckoned("asb", *done, today="2025-05-22").open_deadlines] == ["appeal_window"]
    assert reckoned("asb", *done, today="2025-05-23").ready_to_close
    assert not reckoned("asb", *done, event("hold_started", "2025-05-23"), today="2025-05-23").ready_to_close


def test_who_holds_the_case_in_each_stage() -> None:
    """`held_by`: one word per stage (officer, partnership chair, panel chair, Home Office, agency, applicant, appeal
    body)
    """
    held_by = {
        case_type: [reckoned(case_type, *history).held_by for history in stages.values()]
        for case_type, stages in HISTORIES.items()
    }
    home = "Home Office"
    assert held_by == {
        "dhr": ["officer", "partnership chair", home, "panel chair", home, "officer", "officer", "officer"],
        "asb": ["officer", "applicant", "panel chair", "officer", "appeal body", "officer"],
        "owhr": ["officer", "agency", "panel chair", home, home, "officer", "officer"],
    }


# -- What may be recorded where ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("case_type", "history", "decision"),
    [
        ("dhr", [RECEIVED], "decided_to_review"),
        ("dhr", [RECEIVED], "decided_not_to_review"),
        ("asb", [APPLIED], "threshold_met"),
        ("asb", [APPLIED], "threshold_not_met"),
        ("dhr", REVIEW, "partnership_signed_off"),
        ("dhr", REVIEW, "submitted_to_qa"),
        ("owhr", DUTY, "report_sent"),
    ],
)
def test_intermediate_steps_may_be_missing(case_type: str, history: list[Event], decision: str) -> None:
    """Intermediate steps may be missing: a decision may be recorded straight from the referral, a threshold straight
    from the application, a partnership sign-off without a panel sign-off
    """
    assert decision in reckoned(case_type, *history).open_steps
    reckoned(case_type, *history, event(decision, LATER))


@pytest.mark.parametrize(
    ("step", "first"),
    [
        ("home_office_told", "home_office_scrutiny"),
        ("family_told", "home_office_scrutiny"),
        ("family_engaged", "review"),
        ("draft_shared_with_family", "review"),
        ("commissioner_copied", "home_office_qa"),
        ("home_office_told_of_publication", "monitoring"),
        ("action_plan_agreed", "review"),
    ],
)
def test_telling_people_is_allowed_from_where_it_first_makes_sense_onward(step: str, first: str) -> None:
    """Steps that a real case may record out of the usual order (telling people, copying the Commissioner, family
    contact, extensions, holds) are allowed from the stage where they first make sense onward
    """
    stages = [stage for stage in DHR_AT if stage != "closed"]
    for stage in stages[: stages.index(first)]:
        assert step not in reckoned("dhr", *DHR_AT[stage]).open_steps, stage
    for stage in stages[stages.index(first) :]:
        assert step in reckoned("dhr", *DHR_AT[stage]).open_steps, stage


def test_holds_are_allowed_until_the_case_closes() -> None:
    for case_type, stages in HISTORIES.items():
        for stage, history in stages.items():
            assert ("hold_started" in reckoned(case_type, *history).open_steps) == (stage != "closed")


def test_what_may_be_recorded_comes_in_the_order_of_the_domain_reference() -> None:
    """`open_steps`: the keys that may be recorded today, in the order of the domain reference."""
    for case_type, stages in HISTORIES.items():
        for history in stages.values():
            reckoning = reckoned(case_type, *history)
            order = [step.key for step in reckoning.procedure.steps]
            assert list(reckoning.open_steps) == sorted(reckoning.open_steps, key=order.index)


@pytest.mark.parametrize("case_type", HISTORIES)
def test_every_step_that_is_open_is_accepted_and_every_other_refused(case_type: str) -> None:
    """what the order forbids is refused with the reason and what may be done instead"""
    answers = {
        "qa_feedback_received": {"outcome": "cleared"},
        "published": {"form": "full"},
        "appeal_requested": {"ground": "conduct"},
        "appeal_decided": {"outcome": "upheld"},
        "partner_notified": {"notice": "unable"},
        "recorded_in_error": {"replaces": "hold_started"},
        "deadline_extended": {"deadline": "complete_report", "to": "2035-01-01"},
    }
    replies = {"imr_received", "information_received"}
    for stage, history in HISTORIES[case_type].items():
        reckoning = reckoned(case_type, *history)
        for step in reckoning.procedure.steps:
            if step.key in ("deadline_extended", "recorded_in_error") or step.key in replies:
                continue
            tried = event(step.key, LATER, "A body" if step.subject else "", **answers.get(step.key, {}))
            if step.key in reckoning.open_steps:
                reckoned(case_type, *history, tried)
            else:
                assert refusal(case_type, *history, tried), (stage, step.key)


def test_a_reply_needs_a_request_to_that_body() -> None:
    asked = [*REVIEW, event("imr_requested", "2025-03-03", "Police")]
    assert "imr_received" not in reckoned("dhr", *REVIEW).open_steps
    assert "imr_received" in reckoned("dhr", *asked).open_steps
    assert "Housing" in refusal("dhr", *asked, event("imr_received", "2025-03-10", "Housing"))


def test_a_refusal_says_why_and_what_may_be_done_instead() -> None:
    why = refusal("dhr", RECEIVED, event("published", "2025-02-03", form="full"))
    assert why == (
        "“Published” cannot be recorded at the stage Referral on 3 February 2025. You may record: agencies scoped,"
        " submitted for decision, decided to review, decided not to review"
    )


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([event("decided_to_review", "2025-02-20")], "The first step of a case is “Notification received”"),
        ([RECEIVED, event("agencies_scoped", "2025-01-30")], "The date must be 31 January 2025 or later"),
        ([RECEIVED, event("notification_received", "2025-02-03")], "“Notification received” is already recorded"),
        (
            [RECEIVED, event("home_office_told_of_publication", "2025-02-03")],
            "cannot be recorded at the stage Referral",
        ),
        ([*REVIEW, event("home_office_told_of_publication", "2025-03-03")], "cannot be recorded at the stage Review"),
        ([*WITHHELD, event("home_office_told_of_publication", "2026-03-03")], "comes after “Published”"),
        ([*REVIEW, event("submitted_for_decision", "2025-03-03")], "cannot be recorded at the stage Review"),
        ([*REVIEW, event("published", "2025-03-03", form="full")], "cannot be recorded at the stage Review"),
        ([*QA, event("published", "2025-09-03", form="full")], "cannot be recorded at the stage Home Office QA"),
        ([*QA, event("submitted_to_qa", "2025-09-03")], "cannot be recorded at the stage Home Office QA"),
        ([*QA, event("qa_changes_made", "2025-09-03")], "cannot be recorded at the stage Home Office QA"),
        ([*QA, event("panel_met", "2025-09-03")], "cannot be recorded at the stage Home Office QA"),
        ([*PUBLISHED, event("reopened", "2026-03-03")], "cannot be recorded at the stage Monitoring"),
        ([*FOR_DECISION, event("home_office_accepted", "2025-03-03")], "cannot be recorded at the stage Decision"),
    ],
)
def test_what_the_order_forbids_is_refused(events: list[Event], why: str) -> None:
    with pytest.raises(NotAllowed, match=why):
        reckoned("dhr", *events)


def test_time_travel_is_refused_though_late_entry_is_not() -> None:
    """before the event that opens its stage or clock (late entry is normal, time travel is not)"""
    entered_late = [*REVIEW, event("submitted_for_decision", "2025-02-10")]
    assert stage_after("dhr", *entered_late) == "review"
    with pytest.raises(NotAllowed) as refused:
        reckoned("dhr", *REVIEW, event("chair_appointed", "2025-02-19"))
    assert refused.value.number == 3
    with pytest.raises(NotAllowed, match="1 April 2025 or later"):
        reckoned(
            "dhr",
            *REVIEW,
            event("imr_requested", "2025-04-01", "Police"),
            event("imr_received", "2025-03-31", "Police"),
        )


def test_facts_of_one_day_may_stand_in_any_order_the_procedure_allows() -> None:
    day = "2025-01-31"
    decided = [
        event("decided_to_review", day),
        event("submitted_for_decision", day),
        event("notification_received", day),
    ]
    assert stage_after("dhr", decided[2], decided[1], decided[0]) == "review"
    assert stage_after("dhr", decided[1], decided[2], decided[0]) == "review"


def test_a_day_is_also_read_with_what_moves_the_case_last() -> None:
    """A panel may meet on the day of the submission, though the submission was recorded first."""
    events = [*REVIEW, event("submitted_to_qa", "2025-06-02"), event("panel_met", "2025-06-02")]
    assert reckoned("dhr", *events).stage == "home_office_qa"


def test_a_day_that_no_order_allows_is_refused_for_its_own_reason() -> None:
    events = [*REVIEW, event("submitted_to_qa", "2025-06-02"), event("published", "2025-06-02", form="full")]
    with pytest.raises(NotAllowed, match="“Published” cannot be recorded at the stage"):
        reckoned("dhr", *events)

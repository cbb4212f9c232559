"""The validator refuses a malformed procedure, naming the key; and every procedure is held to the same promises."""

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.reckoned import all_of, event, reckoned
from tracker.procedures import CASE_TYPES, PROCEDURES, editions_near, procedure_in_force
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.facts import Event, Facts
from tracker.procedures.periods import Months
from tracker.procedures.reckoning import reckon
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.settings import Settings
from tracker.procedures.validation import MalformedProcedure, validated
from tracker.procedures.vocabulary import (
    CLOSED,
    At,
    Authority,
    Criterion,
    DeadlineRule,
    Move,
    Procedure,
    Question,
    Source,
    Stage,
    Step,
    on,
)

LAW = Source("An Act", "section 1", Authority.STATUTE)
EVERY = pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda procedure: procedure.edition)
OUTCOME = Question("outcome", "What was the outcome?", "choice", (("yes", "Yes"), ("no", "No")))


def a_step(key: str, **changes: object) -> Step:
    return replace(Step(key, key.capitalize(), (At("open"),), ("officer",)), **changes)  # type: ignore[arg-type]


def a_deadline(key: str, **changes: object) -> DeadlineRule:
    sound = DeadlineRule(key, key.capitalize(), (on("asked"),), Months(1), (on("answered"),), "officer", LAW)
    return replace(sound, **changes)  # type: ignore[arg-type]


SOUND = Procedure(
    case_type="letter",
    edition="letter-2020",
    title="Letter",
    short_title="Letter",
    prefix="L",
    law=LAW,
    in_force_from=date(2020, 1, 1),
    in_force_to=None,
    stages=(Stage("open", "Open", "officer"), Stage(CLOSED, "Closed", "officer")),
    steps=(a_step("asked", opens=True, once=True), a_step("answered", questions=(OUTCOME,), moves=(Move(CLOSED),))),
    deadlines=(a_deadline("answer"),),
)


def with_step(**changes: object) -> Procedure:
    return replace(SOUND, steps=(*SOUND.steps, a_step("chased", **changes)))


def with_deadline(**changes: object) -> Procedure:
    return replace(SOUND, deadlines=(*SOUND.deadlines, a_deadline("chase", **changes)))


def refusal(procedure: Procedure) -> str:
    with pytest.raises(MalformedProcedure) as refused:
        validated(procedure)
    return str(refused.value)


ASKED = replace(
    with_step(questions=(OUTCOME,), subject="body"),
    steps=(a_step("asked", opens=True, questions=(OUTCOME,)), *SOUND.steps[1:], a_step("chased", subject="body")),
    referral=(ReferralPage("received", "Received", questions=("outcome",), dated=True),),
)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"referral": (*ASKED.referral, *ASKED.referral)}, "referral page received: duplicate key"),
        ({"referral": (replace(ASKED.referral[0], dated=False),)}, "exactly one referral page asks for the day"),
        ({"referral": (replace(ASKED.referral[0], questions=("mood",)),)}, "referral page received: no question mood"),
        ({"referral": (replace(ASKED.referral[0], questions=()),)}, "no referral page asks outcome"),
        ({"takes_complaints": True}, "a referral page asks for complaints: none, or several"),
        ({"criteria": (Criterion("death", "Death", LAW),)}, "a referral page asks for criteria: none, or several"),
        (
            {"referral": (*ASKED.referral, ReferralPage("whose", "Whose", Asks.SUBJECTS, step="answered"))},
            "referral page whose: no step with a subject",
        ),
    ],
)
def test_a_referral_that_leaves_something_unasked_is_refused(changes: dict[str, object], fault: str) -> None:
    assert validated(ASKED) is ASKED
    assert fault in refusal(replace(ASKED, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "offered"),
    [
        (date(2026, 12, 29), ["dhr-2016"]),
        (date(2026, 12, 30), ["dhr-2016", "dardr-2024"]),
        (date(2027, 4, 1), ["dhr-2016", "dardr-2024"]),
        (date(2027, 7, 1), ["dhr-2016", "dardr-2024"]),
        (date(2027, 7, 2), ["dardr-2024"]),
    ],
)
def test_near_the_day_an_edition_begins_there_is_a_choice(on: date, offered: list[str]) -> None:
    found = editions_near("dhr", on, {"dardr-2024": date(2027, 4, 1)})
    assert [procedure.edition for procedure in found] == offered
    assert [procedure.edition for procedure in editions_near("dhr", on, {})] == ["dhr-2016"]


def test_a_sound_procedure_passes() -> None:
    assert validated(SOUND) is SOUND


@pytest.mark.parametrize(
    ("procedure", "fault"),
    [
        (with_step(at=(At("nowhere"),)), "step chased: unknown stage nowhere"),
        (with_step(moves=(Move("nowhere"),)), "step chased: moves to unknown stage nowhere"),
        (with_step(moves=(Move(CLOSED, ("nowhere",)),)), "step chased: moves from unknown stage nowhere"),
        (with_deadline(starts=(on("asked", in_stage="nowhere"),)), "deadline chase: unknown stage nowhere"),
    ],
)
def test_an_unknown_stage_is_refused(procedure: Procedure, fault: str) -> None:
    assert refusal(procedure) == f"letter-2020: {fault}"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"met_by": ()}, "deadline chase: no step can meet it"),
        ({"met_by": (on("whistled"),)}, "deadline chase: no step can meet it"),
        ({"starts": ()}, "deadline chase: nothing starts it"),
        ({"starts": (on("whistled"),)}, "deadline chase: unknown step whistled"),
        ({"ends": (on("whistled"),)}, "deadline chase: unknown step whistled"),
        ({"met_by": (on("answered", outcome=("perhaps",)),)}, "step answered does not offer perhaps for outcome"),
        ({"met_by": (on("answered", mood=("good",)),)}, "step answered does not ask for mood"),
        ({"due_answer": "by_when"}, "deadline chase: no starting step asks for by_when"),
        ({"per_subject": True}, "deadline chase: runs for each subject, but step asked has none"),
        ({"owner": ""}, "deadline chase: missing owner"),
    ],
)
def test_a_deadline_that_no_step_can_start_or_meet_is_refused(changes: dict[str, object], fault: str) -> None:
    assert fault in refusal(with_deadline(**changes))


@pytest.mark.parametrize(
    ("procedure", "fault"),
    [
        (replace(SOUND, stages=(*SOUND.stages, SOUND.stages[0])), "stage open: duplicate key"),
        (replace(SOUND, steps=(*SOUND.steps, SOUND.steps[1])), "step answered: duplicate key"),
        (replace(SOUND, deadlines=(*SOUND.deadlines, SOUND.deadlines[0])), "deadline answer: duplicate key"),
        (replace(SOUND, criteria=(Criterion("death", "Death", LAW),) * 2), "criterion death: duplicate key"),
        (with_step(questions=(OUTCOME, OUTCOME)), "step chased: question outcome: duplicate key"),
    ],
)
def test_a_duplicate_key_is_refused(procedure: Procedure, fault: str) -> None:
    assert fault in refusal(procedure)


@pytest.mark.parametrize(
    ("procedure", "fault"),
    [
        (replace(SOUND, law=Source("")), "law: missing source"),
        (with_deadline(source=Source("")), "deadline chase: missing source"),
        (replace(SOUND, criteria=(Criterion("death", "Death", Source("")),)), "criterion death: missing source"),
    ],
)
def test_a_missing_source_is_refused(procedure: Procedure, fault: str) -> None:
    assert fault in refusal(procedure)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"at": ()}, "step chased: no stage allows it"),
        ({"by": ()}, "step chased: nobody may record it"),
        ({"needs": ("whistled",)}, "step chased: unknown step whistled"),
        ({"reply_to": "whistled"}, "step chased: unknown step whistled"),
        ({"opens": True}, "exactly one step opens a case"),
        ({"questions": (replace(OUTCOME, kind="riddle"),)}, "question outcome is of unknown kind riddle"),
        (
            {"questions": (replace(OUTCOME, default="perhaps"),)},
            "question outcome defaults to something it does not offer",
        ),
    ],
)
def test_a_step_that_cannot_be_recorded_is_refused(changes: dict[str, object], fault: str) -> None:
    assert fault in refusal(with_step(**changes))


def test_every_fault_is_named() -> None:
    found = refusal(replace(with_step(by=()), deadlines=(a_deadline("answer", source=Source("")),)))
    assert "step chased: nobody may record it" in found
    assert "deadline answer: missing source" in found


# -- Every procedure --------------------------------------------------------------------------------------------------


def test_the_editions_are_those_of_the_domain_reference() -> None:
    """Case types: `dhr` (editions `dhr-2016`, `dardr-2024`), `asb` (`asb-2014`), `owhr` (`owhr-2022`)."""
    found = {edition: procedure.case_type for edition, procedure in PROCEDURES.items()}
    assert found == {"dhr-2016": "dhr", "dardr-2024": "dhr", "asb-2014": "asb", "owhr-2022": "owhr"}
    assert CASE_TYPES == ("dhr", "asb", "owhr")


@EVERY
def test_every_procedure_is_sound(procedure: Procedure) -> None:
    assert validated(procedure) is procedure


@EVERY
def test_every_rule_carries_its_source_and_authority(procedure: Procedure) -> None:
    """every stage, step and deadline there carries the source written here"""
    for source in (procedure.law, *(criterion.source for criterion in procedure.criteria)):
        assert source.title
        assert source.authority is Authority.STATUTE
    for rule in procedure.deadlines:
        assert rule.source.title
        assert rule.source.authority in Authority


@EVERY
def test_every_stage_can_be_reached_and_left(procedure: Procedure) -> None:
    reached = {procedure.first_stage} | {move.to for step in procedure.steps for move in step.moves}
    left = {at.stage for step in procedure.steps if step.moves for at in step.at}
    stages = {stage.key for stage in procedure.stages}
    assert stages <= reached
    assert stages <= left


@EVERY
def test_every_deadline_can_be_met_after_it_starts(procedure: Procedure) -> None:
    order = [stage.key for stage in procedure.stages]
    for rule in procedure.deadlines:
        starts = [procedure.step(trigger.step) for trigger in (*rule.starts, *rule.restarts)]
        meets = [procedure.step(trigger.step) for trigger in rule.met_by]
        first = min((order.index(at.stage) for step in starts if step for at in step.at), default=0)
        last = max((order.index(at.stage) for step in meets if step for at in step.at), default=len(order))
        assert first <= last, rule.key


@EVERY
def test_the_common_steps_are_in_every_procedure_and_come_last(procedure: Procedure) -> None:
    """any: hold_started hold_ended deadline_extended discontinued transferred merged closed reopened
    recorded_in_error
    """
    common = (
        "hold_started hold_ended deadline_extended discontinued transferred merged closed reopened recorded_in_error"
    )
    assert [step.key for step in procedure.steps][-9:] == common.split()


@EVERY
def test_a_case_without_events_waits_for_its_first(procedure: Procedure) -> None:
    empty = reckon(procedure, Facts(), Settings(), ENGLAND_AND_WALES, date(2025, 1, 1))
    assert empty.stage == procedure.first_stage
    assert empty.open_steps == (procedure.opening.key,)
    assert empty.deadlines == ()


@EVERY
def test_the_opening_step_can_be_recorded_once(procedure: Procedure) -> None:
    opened = Facts((Event(procedure.opening.key, date(2025, 1, 1), number=1),))
    after = reckon(procedure, opened, Settings(), ENGLAND_AND_WALES, date(2025, 1, 1))
    assert after.stage == procedure.first_stage
    assert procedure.opening.key not in after.open_steps
    assert {"closed", "hold_started", "recorded_in_error"} <= set(after.open_steps)


@EVERY
def test_a_label_inside_a_sentence_keeps_its_proper_names(procedure: Procedure) -> None:
    for step in procedure.steps:
        assert step.phrase[1:] == step.label[1:]
        begins_with_name = step.label.startswith(("Home Office", "QA"))
        assert step.phrase[0].isupper() == begins_with_name, step.label


def test_working_reads_as_a_sentence() -> None:
    submitted = reckoned("dhr", *REVIEWED, event("submitted_to_qa", "2025-08-01"))
    (answer,) = all_of(submitted, "qa_answer")
    assert answer.working[0] == "1 August 2025: submitted to Home Office QA"
    asked = reckoned(
        "dhr", RECEIVED, event("decided_not_to_review", "2025-02-20"), event("home_office_told", "2025-02-21")
    )
    (answer,) = all_of(asked, "home_office_answer")
    assert answer.working[0] == "21 February 2025: Home Office told"


RECEIVED = event("notification_received", "2025-01-31")
REVIEWED = (RECEIVED, event("decided_to_review", "2025-02-20"))


# -- Editions ---------------------------------------------------------------------------------------------------------


def test_the_edition_in_force_is_found_by_the_day_of_referral() -> None:
    """`edition` may be left out (the one in force on the referral date)."""
    assert procedure_in_force("dhr", date(2025, 1, 31)).edition == "dhr-2016"
    assert procedure_in_force("asb", date(2025, 1, 31)).edition == "asb-2014"
    assert procedure_in_force("owhr", date(2026, 9, 7)).edition == "owhr-2022"


def test_what_is_not_commenced_is_never_a_silent_default() -> None:
    """Treat as **not commenced** ... the officer must choose, never a silent default."""
    assert PROCEDURES["dardr-2024"].in_force_from is None
    assert procedure_in_force("dhr", date(2030, 1, 1)).edition == "dhr-2016"


def test_a_case_from_before_the_earliest_edition_runs_under_it() -> None:
    assert procedure_in_force("owhr", date(2022, 1, 1)).edition == "owhr-2022"


def test_an_unknown_type_has_no_edition() -> None:
    with pytest.raises(KeyError):
        procedure_in_force("letter", date(2025, 1, 1))

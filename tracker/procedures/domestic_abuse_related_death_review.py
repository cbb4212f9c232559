"""Domestic Abuse Related Death Review: not commenced. An administrator brings it into force from a day.

What differs from a Domestic Homicide Review, and nothing else.
"""

from dataclasses import replace

from tracker.procedures.common_steps import NOTE, OFFICER, at
from tracker.procedures.domestic_homicide_review import (
    DECISION,
    DOMESTIC_HOMICIDE_REVIEW,
    FROM_REVIEW,
    PUBLISHING,
    REFERRAL,
)
from tracker.procedures.periods import AsSoonAsPracticable
from tracker.procedures.vocabulary import CLOSED, Authority, Criterion, DeadlineRule, Name, Question, Source, Step, on

SECTION_8A = Source(
    "Domestic Violence, Crime and Victims Act 2004",
    "section 8A (inserted by the Victims and Prisoners Act 2024, section 19; not commenced)",
    Authority.STATUTE,
    verified=False,
)

SCOPING_REVIEW = Step(
    "scoping_review_completed",
    "Scoping review completed",
    at(REFERRAL, DECISION),
    OFFICER,
    (Question("found", "What did the scoping review find?", "long_text", required=True),),
)
SECRETARY_OF_STATE_COPIED = Step(
    "secretary_of_state_copied",
    "Copied to the Secretary of State",
    at(*FROM_REVIEW, CLOSED),
    OFFICER,
    (NOTE,),
    needs=("panel_signed_off", "partnership_signed_off", "submitted_to_qa"),
)
COPY_SECRETARY_OF_STATE = DeadlineRule(
    "copy_secretary_of_state",
    "Copy to the Secretary of State",
    (on("partnership_signed_off"),),
    AsSoonAsPracticable(10),
    (on("secretary_of_state_copied"),),
    "officer",
    SECTION_8A,
    extendable=False,
    first_start_only=True,
    name=Name("Copy to minister", "the copy to the Secretary of State"),
)

_was = DOMESTIC_HOMICIDE_REVIEW


def _steps() -> tuple[Step, ...]:
    steps = list(_was.steps)
    steps.insert([step.key for step in steps].index("submitted_for_decision"), SCOPING_REVIEW)
    steps.insert([step.key for step in steps].index("commissioner_copied"), SECRETARY_OF_STATE_COPIED)
    return tuple(steps)


def _deadlines() -> tuple[DeadlineRule, ...]:
    rules = [
        # Six or twelve months is a local setting until regulations say.
        replace(rule, length_is_local=True)
        if rule.key == "complete_report"
        else replace(rule, source=SECTION_8A)
        if rule.key == "copy_commissioner"
        else rule
        for rule in _was.deadlines
    ]
    rules.insert([rule.key for rule in rules].index("copy_commissioner"), COPY_SECRETARY_OF_STATE)
    return tuple(rules)


DOMESTIC_ABUSE_RELATED_DEATH_REVIEW = replace(
    _was,
    edition="dardr-2024",
    title="Domestic abuse related death review",
    short_title="Domestic abuse related death",
    law=SECTION_8A,
    in_force_from=None,
    steps=_steps(),
    deadlines=_deadlines(),
    publication=replace(PUBLISHING, checklist=("secretary_of_state_copied", *PUBLISHING.checklist)),
    criteria=(
        Criterion("death", "A person has died", SECTION_8A),
        Criterion("both_aged_16_or_over", "Both parties were aged 16 or over", SECTION_8A),
        Criterion(
            "personally_connected",
            "They were personally connected (Domestic Abuse Act 2021, sections 1 and 2)",
            SECTION_8A,
        ),
        Criterion(
            "domestic_abuse",
            "The death has, or appears to have, resulted from domestic abuse: coercive, economic and emotional "
            "abuse included",
            SECTION_8A,
        ),
    ),
)

"""Domestic Homicide Review, under the statutory guidance of December 2016."""

from datetime import date

from tracker.procedures.common_steps import (
    APPROVES,
    CONSULTED,
    DECIDED_BY,
    DECIDES,
    HOLD_HOLDERS,
    NOTE,
    OFFICER,
    PEOPLE,
    RATIONALE,
    REASON,
    at,
    common_steps,
)
from tracker.procedures.periods import AsSoonAsPracticable, Months, NoLimit, WorkingDays
from tracker.procedures.referral_pages import Asks, ReferralPage
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

ACT = "Domestic Violence, Crime and Victims Act 2004"
GUIDANCE = "Multi-agency statutory guidance for the conduct of domestic homicide reviews, December 2016"

SECTION_9 = Source(ACT, "section 9", Authority.STATUTE)
SECTION_9_3C = Source(ACT, "section 9(3C)", Authority.STATUTE)
GUIDANCE_5 = Source(GUIDANCE, "section 5", Authority.GUIDANCE, verified=False)
# The duty is in the guidance; how many days it takes is for the partnership to say.
GUIDANCE_DUTY = Source(f"{GUIDANCE} (the duty; the length is local)", "", Authority.GUIDANCE)
LOCAL = Source("Local procedure", "", Authority.LOCAL)
NO_RULE = Source("No rule sets a time", "", Authority.NONE)

REFERRAL, DECISION, SCRUTINY = "referral", "decision", "home_office_scrutiny"
REVIEW, QA, PUBLICATION, MONITORING = "review", "home_office_qa", "publication", "monitoring"
FROM_REVIEW = (REVIEW, QA, PUBLICATION, MONITORING)
DECIDED = ("decided_to_review", "decided_not_to_review")

TO_BE_SCOPED = "They are the ones to ask when the agencies are scoped."
MAY_APPLY = (("yes", "Yes"), ("no", "No"), ("unclear", "Unclear"))
OTHER_REVIEWS = (
    Question("owhr_may_apply", "May an offensive weapons homicide review apply?", "choice", MAY_APPLY),
    Question("safeguarding_adults_may_apply", "May a safeguarding adults review apply?", "choice", MAY_APPLY),
    Question("child_review_may_apply", "May a child safeguarding practice review apply?", "choice", MAY_APPLY),
)
DECISION_QUESTIONS = (RATIONALE, CONSULTED, DECIDED_BY)

STAGES = (
    Stage(REFERRAL, "Referral", "officer"),
    Stage(DECISION, "Decision", "partnership chair"),
    Stage(SCRUTINY, "Home Office scrutiny", "Home Office", drawn=False),
    Stage(REVIEW, "Review", "panel chair"),
    Stage(QA, "Home Office QA", "Home Office"),
    Stage(PUBLICATION, "Publication", "officer"),
    Stage(MONITORING, "Monitoring", "officer"),
    Stage(CLOSED, "Closed", "officer"),
)

STEPS = (
    Step(
        "notification_received",
        "Notification received",
        at(REFERRAL),
        OFFICER,
        (
            Question("from", "Who notified the partnership?", "agency", required=True),
            PEOPLE,
            Question("agencies", "Which agencies may have known them?", "long_text", hint=TO_BE_SCOPED),
            *OTHER_REVIEWS,
            Question("summary", "What is known?", "long_text", hint="Pseudonyms only.", required=True),
        ),
        opens=True,
        once=True,
        when="When was the notification received?",
        when_hint="The month to decide runs from this day. For example, 31 1 2025 or 31 Jan 2025",
    ),
    Step(
        "agencies_scoped",
        "Agencies scoped",
        at(REFERRAL, DECISION),
        OFFICER,
        (Question("agencies", "Which agencies were asked, and what did they know?", "long_text", required=True),),
    ),
    Step(
        "submitted_for_decision", "Submitted for decision", at(REFERRAL, DECISION), OFFICER, (NOTE,), (Move(DECISION),)
    ),
    Step(
        "decided_to_review",
        "Decided to review",
        at(REFERRAL, DECISION),
        DECIDES,
        DECISION_QUESTIONS,
        (Move(REVIEW),),
        irreversible=True,
    ),
    Step(
        "decided_not_to_review",
        "Decided not to review",
        at(REFERRAL, DECISION),
        DECIDES,
        DECISION_QUESTIONS,
        (Move(SCRUTINY),),
        irreversible=True,
        hint="This is not the end: it stays open until the Home Office answers, and may be reversed by direction.",
    ),
    Step(
        "home_office_told",
        "Home Office told",
        (
            *at(DECISION, SCRUTINY, *FROM_REVIEW),
            At(CLOSED),
        ),
        OFFICER,
        (
            Question(
                "about",
                "What was the Home Office told about?",
                "choice",
                (
                    ("decision", "The decision"),
                    ("extension", "An extension"),
                    ("discontinuation", "The review was discontinued"),
                ),
                required=True,
                default="decision",
                fixed=True,
            ),
            NOTE,
        ),
        needs=(*DECIDED, "deadline_extended", "discontinued"),
    ),
    Step(
        "family_told",
        "Family told of the decision",
        at(DECISION, SCRUTINY, *FROM_REVIEW, CLOSED),
        OFFICER,
        (Question("how", "How were they told, and by whom?", "long_text", required=True),),
        needs=DECIDED,
    ),
    Step(
        "home_office_accepted",
        "Home Office accepted the decision not to review",
        at(SCRUTINY),
        OFFICER,
        (NOTE,),
        (Move(CLOSED),),
    ),
    Step(
        "home_office_asked_to_reconsider",
        "Home Office asked to reconsider",
        at(SCRUTINY),
        OFFICER,
        (Question("reason", "What did the Home Office say?", "long_text", required=True),),
        (Move(DECISION),),
    ),
    Step(
        "directed_to_review",
        "Directed to review by the Secretary of State",
        (
            At(SCRUTINY),
            At(DECISION, (on("decided_not_to_review"),), ("decided_to_review", "directed_to_review")),
            At(CLOSED, (on("decided_not_to_review"),), ("decided_to_review", "directed_to_review")),
        ),
        OFFICER,
        (Question("reason", "What does the direction say?", "long_text", required=True),),
        (Move(REVIEW),),
        hint="Section 9(2). The time to complete the report starts from the direction.",
    ),
    Step(
        "chair_appointed",
        "Independent chair appointed",
        at(REVIEW),
        OFFICER,
        (Question("independence", "What does the statement of independence say?", "long_text", required=True),),
    ),
    Step(
        "panel_met",
        "Panel met",
        at(REVIEW),
        OFFICER,
        (
            Question("agencies", "Which agencies attended?", "long_text", required=True),
            Question("agreed", "What was agreed?", "long_text"),
        ),
    ),
    Step("terms_agreed", "Terms of reference agreed", at(REVIEW), OFFICER, (NOTE,)),
    Step(
        "imr_requested",
        "Individual management review requested",
        at(REVIEW),
        OFFICER,
        (NOTE,),
        subject="agency",
        hint="A second request before the reply is a chase: it moves no date.",
    ),
    Step(
        "imr_received",
        "Individual management review received",
        at(REVIEW),
        OFFICER,
        (Question("nil", "Is it a nil return (no contact)?", "yes_no", required=True, default="no"), NOTE),
        subject="agency",
        reply_to="imr_requested",
    ),
    Step(
        "family_engaged",
        "Family engaged",
        at(*FROM_REVIEW),
        OFFICER,
        (
            Question("how", "How was the contact made?", required=True),
            Question("advocacy", "Was advocacy signposted?", "yes_no", required=True),
            NOTE,
        ),
    ),
    Step("draft_shared_with_family", "Draft shared with family", at(*FROM_REVIEW), OFFICER, (NOTE,)),
    Step("panel_signed_off", "Panel signed off", at(REVIEW), DECIDES, (NOTE,)),
    Step("partnership_signed_off", "Partnership signed off", at(REVIEW), DECIDES, (DECIDED_BY, NOTE)),
    Step(
        "submitted_to_qa",
        "Submitted to Home Office QA",
        (
            At(REVIEW),
            # A changed report may go back to QA without a new review.
            At(QA, (on("qa_feedback_received"),), ("submitted_to_qa",)),
        ),
        OFFICER,
        (NOTE,),
        (Move(QA),),
    ),
    Step(
        "qa_feedback_received",
        "Home Office QA feedback received",
        at(QA),
        OFFICER,
        (
            Question(
                "outcome",
                "What was the outcome?",
                "choice",
                (
                    ("cleared", "Cleared for publication"),
                    ("publish_after_changes", "Publish after changes"),
                    ("resubmit", "Resubmit"),
                ),
                required=True,
                derives=True,
            ),
            Question("points", "What points does the letter make?", "long_text", hint="Number them, one a line."),
        ),
        (Move(PUBLICATION, when=(("outcome", ("cleared",)),)), Move(REVIEW, when=(("outcome", ("resubmit",)),))),
    ),
    Step(
        "qa_changes_made",
        "QA changes made",
        (At(QA, (on("qa_feedback_received", outcome=("publish_after_changes",)),), ("qa_feedback_received",)),),
        OFFICER,
        (Question("points", "How was each point disposed of?", "long_text", required=True),),
        (Move(PUBLICATION),),
    ),
    Step(
        "commissioner_copied",
        "Copied to the Domestic Abuse Commissioner",
        at(*FROM_REVIEW, CLOSED),
        OFFICER,
        (NOTE,),
        needs=("panel_signed_off", "partnership_signed_off", "submitted_to_qa"),
    ),
    Step(
        "family_told_of_publication",
        "Family told of publication",
        at(QA, PUBLICATION, MONITORING),
        OFFICER,
        (Question("how", "How were they told?", "long_text", required=True),),
    ),
    Step(
        "published",
        "Published",
        (
            At(QA, (on("qa_feedback_received", outcome=("publish_after_changes",)),), ("qa_feedback_received",)),
            *at(PUBLICATION, MONITORING),
        ),
        DECIDES,
        (
            Question(
                "form",
                "What was published?",
                "choice",
                (
                    ("full", "The overview report in full"),
                    ("executive_summary", "The executive summary only"),
                    ("learning", "The learning only"),
                ),
                required=True,
                derives=True,
            ),
            Question("link", "Where is it published?", hint="The web address."),
        ),
        (Move(MONITORING),),
        irreversible=True,
    ),
    Step(
        "publication_withheld",
        "Publication withheld",
        at(PUBLICATION, MONITORING),
        DECIDES,
        (
            REASON,
            Question("approver", "Who approved it?", required=True),
            Question("review_on", "When will this be reviewed?", "date", lies_ahead=True, hint="In 3 months if empty."),
        ),
        (Move(MONITORING),),
        irreversible=True,
    ),
    Step(
        "home_office_told_of_publication",
        "Home Office told of publication",
        at(PUBLICATION, MONITORING, CLOSED),
        OFFICER,
        (NOTE,),
        needs=("published",),
    ),
    Step("removed_from_site", "Removed from the site", at(MONITORING, CLOSED), OFFICER, (NOTE,), needs=("published",)),
    Step("action_plan_agreed", "Action plan agreed", at(*FROM_REVIEW), OFFICER, (NOTE,)),
    Step(
        "action_plan_updated",
        "Action plan updated",
        at(*FROM_REVIEW),
        OFFICER,
        (Question("progress", "What progress was made?", "long_text", required=True),),
        needs=("action_plan_agreed",),
    ),
    Step(
        "stocktake_recorded",
        "Stocktake of learning recorded",
        at(MONITORING),
        ("manager", "officer"),
        (
            Question("which", "Which stocktake?", "choice", (("6", "At 6 months"), ("12", "At 12 months")), fixed=True),
            Question("found", "What did it find?", "long_text", required=True),
        ),
        meets_one=True,
    ),
    Step(
        "action_plan_completed",
        "Action plan completed",
        at(*FROM_REVIEW),
        APPROVES,
        (Question("audit", "How was completion audited?", "long_text", required=True),),
        needs=("action_plan_agreed",),
    ),
    *common_steps(REFERRAL, DECISION, SCRUTINY, *FROM_REVIEW),
)

TO_REVIEW = (on("decided_to_review"), on("directed_to_review"))
EITHER_DECISION = (on("decided_to_review"), on("decided_not_to_review"))
RELEASED = (on("published"), on("publication_withheld"))

DEADLINES = (
    DeadlineRule(
        "decide",
        "Decide whether to review",
        (on("notification_received"),),
        Months(1),
        EITHER_DECISION,
        "partnership chair",
        GUIDANCE_5,
        extendable=False,
        restarts=(on("home_office_asked_to_reconsider"),),
    ),
    DeadlineRule(
        "tell_home_office",
        "Tell the Home Office the decision",
        EITHER_DECISION,
        WorkingDays(5),
        (on("home_office_told", about=("decision", "discontinuation")),),
        "officer",
        GUIDANCE_DUTY,
        restarts=(on("discontinued"),),
        length_is_local=True,
    ),
    DeadlineRule(
        "tell_family",
        "Tell the family the decision",
        EITHER_DECISION,
        WorkingDays(5),
        (on("family_told"),),
        "officer",
        GUIDANCE_DUTY,
        length_is_local=True,
    ),
    DeadlineRule(
        "home_office_answer",
        "Home Office’s view of the decision not to review",
        (on("home_office_told", in_stage=SCRUTINY, about=("decision",)),),
        NoLimit(60),
        (on("home_office_accepted"), on("home_office_asked_to_reconsider"), on("directed_to_review")),
        "Home Office",
        NO_RULE,
        extendable=False,
    ),
    DeadlineRule(
        "appoint_chair",
        "Appoint an independent chair",
        TO_REVIEW,
        Months(1),
        (on("chair_appointed"),),
        "officer",
        LOCAL,
        length_is_local=True,
    ),
    DeadlineRule(
        "first_panel",
        "First panel meeting",
        (on("chair_appointed"),),
        Months(1),
        (on("panel_met"),),
        "panel chair",
        LOCAL,
        first_start_only=True,
        length_is_local=True,
    ),
    DeadlineRule(
        "imr",
        "Individual management review",
        (on("imr_requested"),),
        WorkingDays(40),
        (on("imr_received"),),
        "agency",
        LOCAL,
        per_subject=True,
        chased=True,
        length_is_local=True,
        extension_note="The panel chair may extend it.",
    ),
    DeadlineRule(
        "complete_report",
        "Complete the overview report",
        (on("decided_to_review"),),
        Months(6),
        (on("partnership_signed_off"), on("submitted_to_qa")),
        "panel chair",
        GUIDANCE_5,
        restarts=(on("directed_to_review"),),
        met_by_settings=("panel_signed_off", "partnership_signed_off", "submitted_to_qa"),
        extension_note="The panel agrees it with the partnership, and the Home Office is told.",
    ),
    DeadlineRule(
        "copy_commissioner",
        "Copy to the Domestic Abuse Commissioner",
        (on("partnership_signed_off"),),
        AsSoonAsPracticable(10),
        (on("commissioner_copied"),),
        "officer",
        SECTION_9_3C,
        extendable=False,
        first_start_only=True,
    ),
    DeadlineRule(
        "qa_answer",
        "Home Office QA answer",
        (on("submitted_to_qa"),),
        NoLimit(60),
        (on("qa_feedback_received"),),
        "Home Office",
        NO_RULE,
        extendable=False,
    ),
    DeadlineRule(
        "qa_changes",
        "Make the QA changes",
        (on("qa_feedback_received", outcome=("publish_after_changes", "resubmit")),),
        Months(1),
        (on("qa_changes_made"), on("submitted_to_qa"), on("published")),
        "panel chair",
        LOCAL,
        length_is_local=True,
    ),
    DeadlineRule(
        "publish",
        "Publish",
        (on("qa_feedback_received", outcome=("cleared",)), on("qa_changes_made")),
        Months(1),
        (on("published"),),
        "officer",
        GUIDANCE_DUTY,
        ends=(on("publication_withheld"),),
        held=True,
        length_is_local=True,
    ),
    DeadlineRule(
        "review_withholding",
        "Review the decision to withhold",
        (on("publication_withheld"),),
        Months(3),
        RELEASED,
        "manager",
        LOCAL,
        due_answer="review_on",
        length_is_local=True,
    ),
    DeadlineRule(
        "tell_publication",
        "Tell the Home Office the link",
        (on("published"),),
        WorkingDays(5),
        (on("home_office_told_of_publication"),),
        "officer",
        GUIDANCE_DUTY,
        length_is_local=True,
    ),
    DeadlineRule(
        "action_plan_update",
        "Action plan progress",
        (on("action_plan_agreed"), on("action_plan_updated")),
        Months(3),
        (on("action_plan_updated"),),
        "officer",
        LOCAL,
        ends=(on("action_plan_completed"),),
        length_is_local=True,
    ),
    DeadlineRule(
        "stocktake_6",
        "Stocktake of learning at 6 months",
        RELEASED,
        Months(6),
        (on("stocktake_recorded", which=("", "6")),),
        "manager",
        LOCAL,
        first_start_only=True,
        length_is_local=True,
    ),
    DeadlineRule(
        "stocktake_12",
        "Stocktake of learning at 12 months",
        RELEASED,
        Months(12),
        (on("stocktake_recorded", which=("", "12")),),
        "manager",
        LOCAL,
        first_start_only=True,
        length_is_local=True,
    ),
)

CRITERIA = (
    Criterion("death", "A person has died", SECTION_9),
    Criterion("aged_16_or_over", "The person was aged 16 or over", SECTION_9),
    Criterion(
        "violence_abuse_or_neglect",
        "The death has, or appears to have, resulted from violence, abuse or neglect",
        SECTION_9,
    ),
    Criterion(
        "relationship",
        "By a relative, a current or former intimate partner, or a member of the same household",
        SECTION_9,
    ),
)

REFERRAL_PAGES = (
    ReferralPage("received", "The notification", questions=("from",), dated=True),
    ReferralPage("death", "The person who died", Asks.DEATH),
    ReferralPage(
        "criterion",
        "Criterion",
        Asks.CRITERIA,
        hint="The test is “has, or appears to have”. Unclear is an answer of its own: it is not “not met”.",
    ),
    ReferralPage("people", "The people", questions=("people",)),
    ReferralPage("agencies", "The agencies", Asks.AGENCIES, questions=("agencies",)),
    ReferralPage(
        "other_reviews",
        "Other reviews that may apply",
        questions=tuple(question.key for question in OTHER_REVIEWS),
        hint="Say what may apply. Whether it does is for the bodies that decide on it.",
    ),
    ReferralPage("summary", "What is known", questions=("summary",)),
)

DOMESTIC_HOMICIDE_REVIEW = Procedure(
    case_type="dhr",
    edition="dhr-2016",
    title="Domestic homicide review",
    short_title="Domestic homicide",
    prefix="DHR",
    about="A death of somebody aged 16 or over that has, or appears to have, resulted from violence, abuse or neglect "
    "by a relative, an intimate partner or a member of the same household.",
    law=SECTION_9,
    # Section 9 commenced on 13 April 2011; a case referred before this edition of the guidance runs under it too.
    in_force_from=date(2011, 4, 13),
    in_force_to=None,
    stages=STAGES,
    steps=STEPS,
    deadlines=DEADLINES,
    criteria=CRITERIA,
    subjects=("agency",),
    referral=REFERRAL_PAGES,
    takes_deaths=True,
    hold_holders=HOLD_HOLDERS,
)

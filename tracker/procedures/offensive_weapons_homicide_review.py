"""Offensive Weapons Homicide Review. Complete, though no commencement is known outside the pilot areas of 2023."""

from datetime import date

from tracker.procedures.common_steps import (
    APPROVES,
    DECIDES,
    DISCONTINUATION,
    HOLD_HOLDERS,
    NOTE,
    OFFICER,
    PEOPLE,
    at,
    common_steps,
)
from tracker.procedures.periods import AsSoonAsPracticable, Months, MonthsBeginningWith, NoLimit, WorkingDays
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.procedures.vocabulary import (
    CLOSED,
    Authority,
    Criterion,
    DeadlineRule,
    Decision,
    Move,
    Name,
    Procedure,
    Publication,
    Question,
    Source,
    Stage,
    Standing,
    Step,
    on,
)

ACT = "Police, Crime, Sentencing and Courts Act 2022"
SECTIONS_24_TO_36 = Source(ACT, "sections 24 to 36", Authority.STATUTE)
SECTION_24 = Source(ACT, "section 24", Authority.STATUTE)
SECTION_27_NOTICE = Source(ACT, "section 27(1) and (8)", Authority.STATUTE)
SECTION_27_UNABLE = Source(ACT, "section 27(3)", Authority.STATUTE)
SECTION_28_TOLD = Source(ACT, "section 28(3)", Authority.STATUTE)
SECTION_29 = Source(f"{ACT} (the duty; the length is local)", "section 29(5)", Authority.STATUTE)
LOCAL = Source("Local procedure", "", Authority.LOCAL)

REFERRAL, DECISION, REVIEW = "referral", "decision", "review"
HOME_OFFICE, PUBLICATION, MONITORING = "home_office", "publication", "monitoring"
UNDECIDED = (REFERRAL, DECISION)
FROM_REVIEW = (REVIEW, HOME_OFFICE, PUBLICATION, MONITORING)
AFTER_PUBLICATION = (PUBLICATION, MONITORING)

REVIEW_PARTNERS = ("Chief officer of police", "Local authority", "Integrated care board")

STAGES = (
    Stage(REFERRAL, "Referral", "officer", "At referral"),
    Stage(DECISION, "Decision", "agency", "For decision"),
    Stage(REVIEW, "Review", "panel chair", "In review"),
    Stage(HOME_OFFICE, "Home Office", "Home Office", "With the Home Office"),
    Stage(PUBLICATION, "Publication", "Home Office", "In publication"),
    Stage(MONITORING, "Monitoring", "officer", "In monitoring"),
    Stage(CLOSED, "Closed", "officer"),
)

NOTICE = Question(
    "notice",
    "What did the partner say?",
    "choice",
    (
        ("duty", "Under a duty to arrange a review"),
        ("no_duty", "Not under a duty"),
        ("unable", "Not able to decide yet"),
        ("not_required", "No notice required: aware of an exclusion from the start (section 27(2))"),
    ),
    required=True,
    derives=True,
)

STEPS = (
    Step(
        "death_logged",
        "Death logged",
        at(REFERRAL),
        OFFICER,
        (
            Question("from", "Who told the partnership?", "agency", required=True),
            PEOPLE,
            Question("summary", "What is known?", "long_text", hint="Pseudonyms only.", required=True),
        ),
        opens=True,
        once=True,
        when="When did the death first become known?",
        when_hint="Not later than the day a partner became aware. For example, 7 9 2026 or 7 Sep 2026",
    ),
    Step(
        "partner_aware",
        "Partner became aware of qualifying circumstances",
        at(REFERRAL, DECISION, REVIEW),
        OFFICER,
        (NOTE,),
        (Move(DECISION, (REFERRAL,)),),
        subject="review partner",
    ),
    Step(
        "partner_notified",
        "Partner notified the Secretary of State",
        at(REFERRAL, DECISION, REVIEW, CLOSED),
        OFFICER,
        (NOTICE, Question("reasons", "What are the reasons?", "long_text")),
        (
            Move(CLOSED, (*UNDECIDED, REVIEW), (("notice", ("no_duty", "not_required")),), every_subject=3),
            Move(REVIEW, (*UNDECIDED, CLOSED), (("notice", ("duty",)),)),
            Move(DECISION, (REFERRAL,)),
        ),
        subject="review partner",
        reply_to="partner_aware",
        unasked=True,
        decides="notice",
        standing=Standing("Not aware", "Aware", "Notified"),
    ),
    Step(
        "review_arranged",
        "Review arranged",
        at(DECISION, REVIEW),
        OFFICER,
        (
            Question("independent_chair", "Is there an independent chair?", "yes_no", required=True),
            Question("terms", "What are the terms of reference?", "long_text", required=True),
        ),
        (Move(REVIEW),),
    ),
    Step(
        "information_requested",
        "Information requested",
        at(REVIEW),
        OFFICER,
        (NOTE,),
        subject="recipient",
        hint="Section 29: the recipient must comply. A second request before the answer is a chase.",
    ),
    Step(
        "information_received",
        "Information received",
        at(REVIEW),
        OFFICER,
        (NOTE,),
        subject="recipient",
        reply_to="information_requested",
    ),
    Step(
        "panel_met",
        "Panel met",
        at(REVIEW),
        OFFICER,
        (Question("agencies", "Who attended?", "long_text", required=True), NOTE),
        meeting=True,
    ),
    Step(
        "report_prepared",
        "Report prepared",
        at(REVIEW),
        OFFICER,
        (Question("recommendations", "What does it find and recommend?", "long_text", required=True),),
    ),
    Step(
        "safety_check_passed",
        "Safety and prejudice check passed",
        at(REVIEW),
        DECIDES,
        (Question("checked", "What was checked, and by whom?", "long_text", required=True),),
        hint="Section 28(6).",
    ),
    Step(
        "report_sent",
        "Report sent to the Secretary of State",
        at(REVIEW),
        OFFICER,
        (NOTE,),
        (Move(HOME_OFFICE),),
        irreversible=True,
        undone_by="What was sent cannot be called back. A mistake in this record can be corrected.",
    ),
    Step(
        "persons_told",
        "Persons who should act told",
        at(HOME_OFFICE, PUBLICATION, MONITORING, CLOSED),
        OFFICER,
        (Question("persons", "Which persons or bodies were told?", "long_text", required=True),),
        (Move(MONITORING, AFTER_PUBLICATION),),
        needs=("report_sent",),
    ),
    Step(
        "published_by_secretary_of_state",
        "Published by the Secretary of State",
        at(HOME_OFFICE, PUBLICATION, MONITORING),
        OFFICER,
        (
            Question(
                "form",
                "What was published?",
                "choice",
                (("full", "In full"), ("part", "In part")),
                required=True,
                fixed=True,
            ),
            Question("link", "Where is it published?"),
        ),
        (Move(PUBLICATION, (HOME_OFFICE,)),),
    ),
    Step(
        "action_plan_agreed",
        "Action plan agreed",
        at(*FROM_REVIEW),
        OFFICER,
        (NOTE,),
        (Move(MONITORING, AFTER_PUBLICATION),),
    ),
    Step(
        "action_plan_completed",
        "Action plan completed",
        at(*FROM_REVIEW),
        APPROVES,
        (Question("audit", "How was completion audited?", "long_text", required=True),),
        needs=("action_plan_agreed",),
    ),
    *common_steps(REFERRAL, DECISION, *FROM_REVIEW),
)

DEADLINES = (
    DeadlineRule(
        "notify",
        "Notify the Secretary of State",
        (on("partner_aware"),),
        MonthsBeginningWith(1),
        (on("partner_notified"),),
        "review partner",
        SECTION_27_NOTICE,
        extendable=False,
        per_subject=True,
        name=Name("Notice", "a partner’s notice", "notices", "not notified"),
    ),
    DeadlineRule(
        "decide_after_unable",
        "Notify the decision after “not able to decide”",
        (on("partner_notified", notice=("unable",)),),
        NoLimit(20),
        (on("partner_notified"),),
        "review partner",
        SECTION_27_UNABLE,
        extendable=False,
        per_subject=True,
        name=Name("Later notice", "a partner’s decision", "later notices", "not decided"),
    ),
    DeadlineRule(
        "arrange",
        "Arrange the review",
        (on("partner_notified", notice=("duty",)),),
        Months(1),
        (on("review_arranged"),),
        "officer",
        LOCAL,
        first_start_only=True,
        length_is_local=True,
        name=Name("Arranged", "arranging the review"),
    ),
    DeadlineRule(
        "information",
        "Answer an information request",
        (on("information_requested"),),
        WorkingDays(20),
        (on("information_received"),),
        "recipient",
        SECTION_29,
        per_subject=True,
        chased=True,
        length_is_local=True,
        name=Name("Reply", "information", "replies", "not replied"),
    ),
    DeadlineRule(
        "report",
        "Prepare and send the report",
        (on("review_arranged"),),
        Months(12),
        (on("report_sent"),),
        "panel chair",
        LOCAL,
        length_is_local=True,
        name=Name("Report", "the report"),
    ),
    DeadlineRule(
        "persons_told",
        "Tell the persons who should act",
        (on("report_sent"),),
        AsSoonAsPracticable(10),
        (on("persons_told"),),
        "officer",
        SECTION_28_TOLD,
        extendable=False,
        name=Name("Persons told", "telling those who should act"),
    ),
)

CRITERIA = (
    Criterion("homicide", "The death was, or was likely to be, a homicide", SECTION_24),
    Criterion("aged_18_or_over", "The victim was aged 18 or over", SECTION_24),
    Criterion("offensive_weapon", "An offensive weapon was involved (Prevention of Crime Act 1953, s. 1)", SECTION_24),
    Criterion("england_or_wales", "It occurred, or is likely to have occurred, in England or Wales", SECTION_24),
    Criterion("identity_known", "The identity of the victim or of a suspect is known", SECTION_24),
    Criterion("relevant_information", "A partner has, or could be expected to have, relevant information", SECTION_24),
    Criterion(
        "not_child_death_review",
        "No child death review must or may be arranged",
        SECTION_24,
        "Must or may a child death review be arranged?",
    ),
    Criterion(
        "not_domestic_homicide",
        "The death may not be the subject of a domestic homicide review",
        SECTION_24,
        "May the death be the subject of a domestic homicide review?",
    ),
    Criterion(
        "not_safeguarding_adults",
        "No safeguarding adults review must or may be established",
        SECTION_24,
        "Must or may a safeguarding adults review be established?",
    ),
    Criterion(
        "not_started_elsewhere",
        "No other group of review partners has started a review",
        SECTION_24,
        "Has another group of review partners started a review?",
    ),
)

REFERRAL_PAGES = (
    ReferralPage("received", "The death becomes known", questions=("from",), dated=True),
    ReferralPage("death", "The person who died", Asks.DEATH),
    ReferralPage(
        "partner",
        "Review partner",
        Asks.SUBJECTS,
        step="partner_aware",
        hint="Each review partner has a clock of its own: one month beginning with the day it became aware of "
        "qualifying circumstances.",
    ),
    ReferralPage("criterion", "Criterion", Asks.CRITERIA, hint="Unclear is an answer of its own: it is not “not met”."),
    ReferralPage(
        "exclusions",
        "Why it may not apply",
        Asks.EXCLUSIONS,
        hint="Any of these rules the review out. Where it may be a domestic homicide review, that is decided first.",
    ),
    ReferralPage("people", "The people", questions=("people",)),
    ReferralPage("summary", "What is known", questions=("summary",)),
)

OFFENSIVE_WEAPONS_HOMICIDE_REVIEW = Procedure(
    case_type="owhr",
    edition="owhr-2022",
    title="Offensive weapons homicide review",
    short_title="Offensive weapons homicide",
    prefix="OWHR",
    about="A homicide of somebody aged 18 or over that involved an offensive weapon.",
    law=SECTIONS_24_TO_36,
    in_force_from=date(2023, 4, 1),
    in_force_to=None,
    stages=STAGES,
    steps=STEPS,
    deadlines=DEADLINES,
    criteria=CRITERIA,
    subjects=REVIEW_PARTNERS,
    referral=REFERRAL_PAGES,
    takes_deaths=True,
    commences_by_area=True,
    hold_holders=HOLD_HOLDERS,
    decisions=(Decision("notice", "Record a partner’s notice", "What did the partner notify?"), DISCONTINUATION),
    publication=Publication(
        checklist=("safety_check_passed", "report_sent", "published_by_secretary_of_state", "persons_told"),
        published="published_by_secretary_of_state",
    ),
)

"""Figures of stored cases. They count every case; lists of the cases counted show those that somebody may see."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import selectinload

from tracker import clock
from tracker.extensions import db
from tracker.models.cases import Case, CaseContributing
from tracker.models.facts import facts_of, settings_of
from tracker.models.partnerships import Partnership
from tracker.models.plans import Addressee, Plan, PlannedAction, Recommendation
from tracker.models.users import User
from tracker.policy import Action, partnerships_where, visible_cases
from tracker.procedures import PROCEDURES
from tracker.procedures.calendars import ENGLAND_AND_WALES
from tracker.procedures.counting import FiguredAction, FiguredResponse
from tracker.procedures.figures import FiguredCase, Figures, figures
from tracker.procedures.settings import Settings
from tracker.queries.plans import ended_on

BATCH = 500  # references in one statement, well below what a database takes


def figures_of(partnership: Partnership | None, since: date, until: date, as_at: date | None = None) -> Figures:
    """The figures of a partnership's cases, led or joint; of every case once, where no partnership is given.

    Args:
        as_at: the day to which what happened is known; today, if left out.

    Raises:
        ValueError: *until* is before *since*.
    """
    return figures(
        figured_cases(partnership),
        since,
        until,
        as_at or clock.today(),
        ENGLAND_AND_WALES,
        partnership=partnership.key if partnership else "",
        own_actions=own_actions(partnership),
    )


def figured_cases(partnership: Partnership | None) -> list[FiguredCase]:
    """Cases as figures take them. A case runs on the settings of the partnership that leads it."""

    @cache
    def settings(partnership_id: int, edition: str) -> Settings:
        return settings_of(partnership_id, PROCEDURES[edition])

    query = (
        select(Case)
        .order_by(Case.id)
        .options(selectinload(Case.events), selectinload(Case.complaints), selectinload(Case.contributing))
    )
    if partnership:
        joint = select(CaseContributing.case_id).where(CaseContributing.partnership_id == partnership.id)
        query = query.where(or_(Case.partnership_id == partnership.id, Case.id.in_(joint)))
    actions, responses = figured_actions(), figured_responses()
    return [
        FiguredCase(
            case.reference,
            case.procedure,
            facts_of(case),
            settings(case.partnership_id, case.edition),
            tuple(case.themes),
            bool(case.contributing),
            tuple(actions[case.id]),
            tuple(responses[case.id]),
        )
        for case in db.session.scalars(query)
    ]


def own_actions(partnership: Partnership | None) -> list[FiguredAction]:
    """The actions of a partnership's own plans; of all, where no partnership is given."""
    whose = true() if partnership is None else PlannedAction.partnership_id == partnership.id
    return [action for _, action in figured(PlannedAction.case_id.is_(None), whose)]


def figured_actions() -> dict[int, list[FiguredAction]]:
    """The actions of every case's plan, by the case's number."""
    found: dict[int, list[FiguredAction]] = defaultdict(list)
    for case_id, action in figured(PlannedAction.case_id.is_not(None)):
        found[case_id or 0].append(action)
    return found


def figured(*which: ColumnElement[bool]) -> Iterator[tuple[int | None, FiguredAction]]:
    """Such actions as figures take them, each with the number of its case."""
    dates = PlannedAction.added_on, PlannedAction.due_on, PlannedAction.verified_on, ended_on()
    rows = db.session.execute(select(PlannedAction.case_id, PlannedAction.lead_agency, *dates).where(*which))
    return (
        (case_id, FiguredAction(agency, added, due, verified, ended))
        for case_id, agency, added, due, verified, ended in rows
    )


def figured_responses() -> dict[int, list[FiguredResponse]]:
    """What bodies answered to the recommendations of every case, by the case's number."""
    found: dict[int, list[FiguredResponse]] = defaultdict(list)
    for case_id, body, response, on in db.session.execute(
        select(Plan.case_id, Addressee.name, Addressee.response, Addressee.responded_on)
        .join(Recommendation, Addressee.recommendation_id == Recommendation.id)
        .join(Plan, Recommendation.plan_id == Plan.id)
        .where(Plan.case_id.is_not(None), Addressee.responded_on.is_not(None))
    ):
        if case_id is not None and on is not None:
            found[case_id].append(FiguredResponse(body, response, on))
    return found


def figured_partnerships(viewer: User) -> Sequence[Partnership]:
    """The partnerships whose figures somebody may read."""
    ids = partnerships_where(viewer, Action.READ_FIGURES)
    return db.session.scalars(select(Partnership).where(Partnership.id.in_(ids)).order_by(Partnership.name)).all()


def visible_among(viewer: User, references: Iterable[str]) -> list[Case]:
    """Those of the cases counted that somebody may see, by reference."""
    wanted = sorted(set(references))
    found: list[Case] = []
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        query = select(Case).where(Case.reference.in_(some), visible_cases(viewer)).order_by(Case.reference)
        found += db.session.scalars(query.options(selectinload(Case.lead)))
    return found

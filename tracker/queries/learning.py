"""What reviews find again and again: how each theme stands, whether it came back, and what was taught about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy import case as sql_case
from sqlalchemy.orm import aliased, contains_eager, joinedload

from tracker.extensions import db
from tracker.models.briefings import Briefing
from tracker.models.cases import Case
from tracker.models.plans import Finding, FindingTheme, Plan, PlannedAction, Recommendation
from tracker.models.themes import Theme
from tracker.models.users import User
from tracker.policy import Action, partnerships_where, visible_plans
from tracker.procedures.plan_status import OPEN, Status
from tracker.procedures.theme_returns import Return, ThemeInPlan, returns_of

MOST_ROWS = 200
DONE = frozenset({Status.CLAIMED, Status.VERIFIED})


@dataclass
class Learned:
    """How a theme stands across the plans that somebody may see. `themes`: those of that name on partnerships' lists.

    `taught`: how many briefings and trainings there were, the last of them `taught_on`.
    """

    name: str
    plans: list[ThemeInPlan] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    taught: int = 0
    taught_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return not self.plans and not self.taught

    @property
    def returns(self) -> list[Return]:
        return returns_of(self.plans)

    def total(self, what: str) -> int:
        """The sum over the plans of one of the numbers of `ThemeInPlan`."""
        return sum(getattr(plan, what) for plan in self.plans)


def learned_themes(viewer: User) -> list[Learned]:
    """Every theme of a list or of a finding that *viewer* may see, by name. Three statements."""
    return sorted(learned_by_name(viewer, true(), true()).values(), key=lambda each: each.name.casefold())


def learned_theme(viewer: User, name: str) -> Learned | None:
    """The theme of that name, where a list or a finding that *viewer* may see has it. Three statements."""
    return learned_by_name(viewer, FindingTheme.theme == name, Theme.name == name).get(name)


def times_returned(viewer: User) -> dict[str, int]:
    """How often each theme came back, where it did, in the plans that *viewer* may see. One statement."""
    plans: dict[str, list[ThemeInPlan]] = {}
    for plan in themes_in_plans(viewer, true()):
        plans.setdefault(plan.theme, []).append(plan)
    return {theme: len(found) for theme, each in plans.items() if (found := returns_of(each))}


def learned_by_name(viewer: User, found: ColumnElement[bool], listed: ColumnElement[bool]) -> dict[str, Learned]:
    themes: dict[str, Learned] = {}
    for theme in db.session.scalars(select(Theme).where(visible_themes(viewer), listed).order_by(Theme.id)):
        themes.setdefault(theme.name, Learned(theme.name)).themes.append(theme)
    for plan in themes_in_plans(viewer, found):
        themes.setdefault(plan.theme, Learned(plan.theme)).plans.append(plan)
    taught = select(Theme.name, func.count(Briefing.id), func.max(Briefing.held_on)).join(Briefing.theme)
    for name, number, last in db.session.execute(taught.where(visible_themes(viewer), listed).group_by(Theme.name)):
        themes[name].taught, themes[name].taught_on = number, last
    return themes


def visible_themes(viewer: User) -> ColumnElement[bool]:
    """The condition on `Theme`, and through it on what was taught: its partnership's readers."""
    return Theme.partnership_id.in_(partnerships_where(viewer, Action.READ_CASE))


def themes_in_plans(viewer: User, found: ColumnElement[bool]) -> list[ThemeInPlan]:
    """Each theme in each plan that *viewer* may see, the latest first. `found`: a condition on `FindingTheme`."""
    case = aliased(Case)
    began_on = func.coalesce(case.opened_on, Plan.added_on)
    is_done = PlannedAction.status.in_(DONE)
    undated = func.count(sql_case((and_(is_done, PlannedAction.claimed_on.is_(None)), 1)))
    query = (
        select(
            FindingTheme.theme,
            Finding.plan_id,
            began_on,
            func.count(func.distinct(Finding.id)),
            func.count(func.distinct(Recommendation.id)),
            func.count(sql_case((PlannedAction.status.in_(OPEN), 1))),
            func.count(sql_case((is_done, 1))),
            sql_case((undated == 0, func.max(sql_case((is_done, PlannedAction.claimed_on))))),
        )
        .join(Finding, Finding.id == FindingTheme.finding_id)
        .join(Plan, Plan.id == Finding.plan_id)
        .outerjoin(case, case.id == Plan.case_id)
        .outerjoin(Recommendation, Recommendation.finding_id == Finding.id)
        .outerjoin(PlannedAction, PlannedAction.recommendation_id == Recommendation.id)
        .where(visible_plans(viewer), found)
        .group_by(FindingTheme.theme, Finding.plan_id, began_on)
        .order_by(began_on.desc(), Finding.plan_id.desc())
    )
    return [ThemeInPlan(*row) for row in db.session.execute(query)]


def findings_with(viewer: User, name: str) -> Sequence[Finding]:
    """The findings with a theme in the plans that *viewer* may see, with plan and case, those of the latest plan first.

    At most MOST_ROWS.
    """
    themed = select(FindingTheme.finding_id).where(FindingTheme.theme == name)
    query = select(Finding).join(Finding.plan).where(Finding.id.in_(themed), visible_plans(viewer))
    with_case = contains_eager(Finding.plan).joinedload(Plan.case)
    return db.session.scalars(
        query.options(with_case).order_by(Finding.plan_id.desc(), Finding.position).limit(MOST_ROWS)
    ).all()


def plans_by_number(viewer: User, numbers: set[int]) -> dict[int, Plan]:
    """The plans that *viewer* may see, with their cases, by number."""
    query = select(Plan).where(Plan.id.in_(numbers), visible_plans(viewer)).options(joinedload(Plan.case))
    return {plan.id: plan for plan in db.session.scalars(query)}


def briefings_on(viewer: User, name: str) -> Sequence[Briefing]:
    """What was taught about a theme where *viewer* reads, the latest first. At most MOST_ROWS."""
    query = select(Briefing).join(Briefing.theme).where(Theme.name == name, visible_themes(viewer))
    with_theme = contains_eager(Briefing.theme).joinedload(Theme.partnership)
    return db.session.scalars(
        query.options(with_theme).order_by(Briefing.held_on.desc(), Briefing.id.desc()).limit(MOST_ROWS)
    ).all()


def find_theme(viewer: User, number: int) -> Theme | None:
    """The theme of that number, if *viewer* reads for its partnership."""
    query = select(Theme).where(Theme.id == number, visible_themes(viewer)).options(joinedload(Theme.partnership))
    return db.session.scalar(query)


def find_briefing(viewer: User, number: int) -> Briefing | None:
    """The briefing or training of that number, if *viewer* reads for its partnership."""
    query = select(Briefing).join(Briefing.theme).where(Briefing.id == number, visible_themes(viewer))
    return db.session.scalar(query.options(contains_eager(Briefing.theme).joinedload(Theme.partnership)))

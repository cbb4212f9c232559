"""The list of themes that findings are sorted by: a partnership begins with the usual ones and keeps its own."""

from sqlalchemy import delete, select, update

from tracker import clock
from tracker.errors import Refused
from tracker.extensions import db
from tracker.models.partnerships import Partnership
from tracker.models.plans import Finding, FindingTheme, Plan
from tracker.models.themes import Theme
from tracker.models.users import User
from tracker.policy import Action, ensure
from tracker.services.texts import line
from tracker.services.use_case import use_case

# What reviews of domestic abuse, anti-social behaviour and serious violence find again and again.
USUAL_THEMES = (
    "Children in the household",
    "Coercive and controlling behaviour",
    "Economic abuse",
    "Equality and barriers to services",
    "Exploitation and serious violence",
    "Health services and hospital discharge",
    "Housing and homelessness",
    "Information sharing",
    "Mental health and suicide",
    "Multi-agency meetings",
    "Older people and carers",
    "Professional curiosity",
    "Record keeping",
    "Repeat anti-social behaviour",
    "Risk assessment",
    "Routine enquiry",
    "Substance use",
    "Training and supervision",
    "Voice of the victim",
    "Work with perpetrators",
)


def add_usual_themes(partnership: Partnership) -> None:
    """The list that a new partnership begins with, not yet committed."""
    db.session.flush()
    db.session.add_all(Theme(partnership_id=partnership.id, name=name) for name in USUAL_THEMES)


@use_case
def add_theme(partnership: Partnership, *, by: User | None, name: str) -> Theme:
    """Another theme to choose. Findings that a file brought under that name belong to it from now on.

    Raises:
        NotPermitted: *by* does not manage the partnership.
        Refused: it has no name, or the list has one of that name, offered or retired.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=partnership.id)
    theme = Theme(partnership_id=partnership.id, name=free_name(partnership.id, name))
    db.session.add(theme)
    return theme


@use_case
def rename_theme(theme: Theme, *, by: User | None, was: str, name: str) -> None:
    """Another name for the same theme, also on every finding that has it.

    Args:
        was: its name until now, which the audit keeps.

    Raises:
        NotPermitted: as `add_theme`. Refused: as `add_theme`, or it has been renamed meanwhile.
    """
    ensure(by, Action.MANAGE_PARTNERSHIP, within=theme.partnership_id)
    if theme.name != was:
        raise Refused(f"{was} has been renamed: it is called {theme.name} now", field="name")
    name = free_name(theme.partnership_id, name, instead_of=theme)
    rename_on_findings(theme, name)
    theme.name = name


@use_case
def retire_theme(theme: Theme, *, by: User | None) -> None:
    """Offers the theme for new findings no longer. Raises NotPermitted as `add_theme`; Refused: it is retired."""
    ensure(by, Action.MANAGE_PARTNERSHIP, within=theme.partnership_id)
    if theme.retired_on:
        raise Refused(f"{theme.name} is retired already")
    theme.retired_on = clock.today()


@use_case
def bring_back_theme(theme: Theme, *, by: User | None) -> None:
    """Offers a retired theme again. Raises NotPermitted as `add_theme`; Refused: it is not retired."""
    ensure(by, Action.MANAGE_PARTNERSHIP, within=theme.partnership_id)
    if not theme.retired_on:
        raise Refused(f"{theme.name} is not retired")
    theme.retired_on = None


def free_name(partnership_id: int, name: str, *, instead_of: Theme | None = None) -> str:
    """*name* as it may be kept. Raises Refused where there is none, or another theme has it in whatever case."""
    name = line("name", name, required="Enter the name of the theme")
    others = db.session.scalars(select(Theme).where(Theme.partnership_id == partnership_id))
    for other in others:
        if other.name.casefold() == name.casefold() and other is not instead_of:
            state = " It is retired: bring it back" if other.retired_on else ""
            raise Refused(f"The list has a theme called {other.name}.{state}".rstrip("."), field="name")
    return name


def rename_on_findings(theme: Theme, name: str) -> None:
    """Puts *name* in the place of the theme's on the findings of its partnership, once on each."""
    findings = select(Finding.id).join(Plan, Plan.id == Finding.plan_id).where(
        Plan.partnership_id == theme.partnership_id
    )  # fmt: skip
    here = FindingTheme.finding_id.in_(findings)
    used = db.session.scalars(select(FindingTheme.theme).where(here).distinct()).all()
    for written in (each for each in used if each.casefold() == theme.name.casefold() and each != name):
        has_both = FindingTheme.finding_id.in_(select(FindingTheme.finding_id).where(FindingTheme.theme == name))
        is_old = FindingTheme.theme == written
        for change in (
            delete(FindingTheme).where(here, is_old, has_both),
            update(FindingTheme).where(here, is_old).values(theme=name),
        ):
            db.session.execute(change.execution_options(synchronize_session=False))
    db.session.expire_all()

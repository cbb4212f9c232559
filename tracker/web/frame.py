"""What surrounds every page: whose it is, who is signed in, where they may go."""

from dataclasses import dataclass

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from tracker.models.partnerships import Partnership
from tracker.models.users import Role, User
from tracker.policy import Action, may, roles_held
from tracker.queries.partnerships import only_partnership
from tracker.web.access import signed_in
from tracker.web.care import help_contact
from tracker.web.lateness import late_notice

SERVICE = "Case review tracker"
HOME = "home.show"
ACCOUNT = "account.show"
SIGN_OUT = "sign_in.sign_out"
CASES = "cases.index"
PLACES: tuple[tuple[str, str, Action | None], ...] = (
    ("My work", HOME, None),  # everybody's
    ("Cases", CASES, Action.READ_CASE),
    ("Deadlines", "deadlines.index", Action.READ_CASE),
    ("Actions", "actions.index", Action.READ_CASE),
    ("Plans", "plans.index", Action.READ_CASE),
    ("Reports", "reports.index", Action.READ_FIGURES),
    ("Administration", "admin.index", Action.MANAGE_USERS),
    ("For your agency", "partner.index", Action.ANSWER_REQUEST),
)

# Each role in the words of the field, in the order in which somebody with several is introduced.
ROLE_WORDS = {
    Role.OFFICER: "development officer",
    Role.CHAIR: "panel chair",
    Role.MANAGER: "manager",
    Role.AUDITOR: "auditor",
    Role.ADMINISTRATOR: "administrator",
    Role.PARTNER: "partner agency contact",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the main navigation. `current`: "page" on its own page, "true" on one below it, else empty."""

    title: str
    href: str
    current: str


def introduction(user: User) -> str:
    """Who somebody is: "Ruth Aldous, development officer"."""
    held = {membership.role for membership in user.memberships}
    roles = [words for role, words in ROLE_WORDS.items() if role in held]
    return ", ".join([user.name, *([" and ".join(roles)] if roles else [])])


def belongs_to(partnership: Partnership) -> None:
    """Has this page look like that partnership's to whoever came by its link."""
    g.whose_page = partnership


def whose_pages() -> list[Partnership]:
    """Whose page this is: the viewer's partnerships or, for a stranger, that of the link they opened."""
    if current_user.is_authenticated:
        return signed_in().partnerships
    return [g.whose_page] if "whose_page" in g else []


def address_of(endpoint: str) -> str:
    """The address of a page, empty while the site has no such page."""
    return url_for(endpoint) if endpoint in current_app.view_functions else ""


def guide_address(user: User) -> str:
    """The guide for the one role that somebody has; for anybody else, the list of guides."""
    held = roles_held(user)
    return url_for("guides.show", role=next(iter(held)).value) if len(held) == 1 else url_for("guides.index")


def places(viewer: User) -> list[Place]:
    """The main navigation: where *viewer* may go."""
    shown = []
    for title, endpoint, action in PLACES:
        if (action is None or may(viewer, action)) and (href := address_of(endpoint)):
            below = endpoint != HOME and request.path.startswith(href.rstrip("/") + "/")
            shown.append(Place(title, href, "page" if request.path == href else "true" if below else ""))
    return shown


def frame() -> dict[str, object]:
    """What templates/base.html shows around the page. A stranger sees the look of the only partnership there is."""
    found = whose_pages()
    whose = found[0] if len(found) == 1 else None if current_user.is_authenticated else only_partnership()
    around: dict[str, object] = {
        "home_url": address_of(HOME) or address_of(CASES) or "/",
        "partnership_name": whose.name if whose else SERVICE,
        "branding": whose.branding if whose else None,
        "help_contact": help_contact(found),
    }
    return around | (of_viewer(signed_in()) if current_user.is_authenticated else {})


def of_viewer(viewer: User) -> dict[str, object]:
    """What only somebody who has signed in is shown."""
    return {
        "signed_in_as": introduction(viewer),
        "late": late_notice(viewer),
        "sign_out_url": address_of(SIGN_OUT),
        "account_url": address_of(ACCOUNT),
        "navigation": places(viewer),
        "guide_url": guide_address(viewer),
        "find_url": address_of(CASES) if may(viewer, Action.READ_CASE) else "",
    }


def register(app: Flask) -> None:
    """Gives every template the frame, and the GOV.UK templates that base.html builds on."""
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([app.jinja_loader, govuk] if app.jinja_loader else [govuk])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(frame)

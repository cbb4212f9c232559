"""What an administrator looks after, section by section. The pages of each section are in a module of its own."""

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.policy import Action
from tracker.queries.partnerships import only_partnership
from tracker.web.access import requires
from tracker.web.admin import (
    agency_views,
    branding_views,
    pages,
    partnership_views,
    setting_views,
    theme_views,
    user_views,
)
from tracker.web.frame import address_of

__all__ = ["agency_views", "branding_views", "pages", "partnership_views", "setting_views", "theme_views", "user_views"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of administration, of this area or another: its name, its first page, and what it is for."""

    title: str
    endpoint: str
    about: str

    @property
    def href(self) -> str:
        return address_of(self.endpoint)


PARTNERSHIPS = "admin.partnerships"
SECTIONS = (
    Section("Users and roles", "admin.users", "Who has access, in which role, and who has not signed in for long"),
    Section("Agencies and contacts", "admin.agencies", "Who takes part in reviews, and whom to write to there"),
    Section("Local settings", "admin.settings", "What the partnership settles itself, each from a day on"),
    Section("Themes of findings", "admin.themes", "What findings are sorted by, so that reviews can be learned from"),
    Section("Name and look", "admin.branding", "The name, logo and colour that every page carries"),
    Section("Partnerships", PARTNERSHIPS, "Those that you look after, and whose cases they share"),
    Section("System health", "health.details", "Whether reminders, mail, backups and the record are in order"),
)


@pages.route("")
@requires(Action.MANAGE_USERS, Action.MANAGE_PARTNERSHIP)
def index() -> ResponseReturnValue:
    """The sections there are. Nobody hears of partnerships where there is only one."""
    hidden = {PARTNERSHIPS} if only_partnership() else set()
    shown = [section for section in SECTIONS if section.href and section.endpoint not in hidden]
    return render_template("admin/index.html", sections=shown)

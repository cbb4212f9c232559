"""The first page, put together from the parts that the viewer's roles ask for."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from flask import url_for

from tracker.models.cases import Case, Deadline
from tracker.models.messages import Message
from tracker.models.plans import PlannedAction
from tracker.models.users import Role, User
from tracker.policy import Action, may, roles_held
from tracker.procedures.plan_status import OPEN
from tracker.queries.agency_actions import led_actions
from tracker.queries.deadlines import DeadlineFilter, deadline_page
from tracker.queries.drafts import drafts_of
from tracker.queries.my_work import (
    MOST_ROWS,
    beginnings,
    changes,
    decisions_waiting,
    newest_cases,
    next_panel,
    nightly_checks,
    numbers,
    open_requests,
    record_of_changes,
)
from tracker.queries.outbox import undelivered
from tracker.queries.users import all_users
from tracker.web.frame import ROLE_WORDS, address_of
from tracker.web.home import rows, tiles
from tracker.web.home.findings import finding
from tracker.web.home.team import Team, team

SETS_UP = frozenset({Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR})


class MyWork:
    """What the template asks for. Each part is read when it is asked for, and only where a role has it."""

    def __init__(self, viewer: User, today: date) -> None:
        self.viewer, self.today = viewer, today
        self.roles = roles_held(viewer)
        self.all_tiles = tiles.all_tiles(viewer)

    def has(self, role: str) -> bool:
        return Role(role) in self.roles

    # -- The head ---------------------------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> dict[str, Any]:
        """Whatever is counted on the page: one statement."""
        asked = tiles.counted_by(self.all_tiles, self.viewer, self.today)
        if self.roles & SETS_UP:
            asked |= beginnings(self.viewer)
        if Role.CHAIR in self.roles:
            asked |= next_panel(self.viewer, self.today)
        if self.roles & {Role.AUDITOR, Role.ADMINISTRATOR}:
            asked |= record_of_changes() | nightly_checks()
        found = numbers(asked)
        if Role.PARTNER in self.roles:
            late = [(self.today - each.due_on).days for each in self.asked if each.due_on]
            agency = self.viewer.agency.name if self.viewer.agency else ""
            counts = {"requests": len(self.open_requests), "actions": len(self.led_actions)}
            found |= counts | {"agency": agency, "latest": max(late, default=0)}
        if Role.ADMINISTRATOR in self.roles:
            found["users"] = len(self.users)
        return found

    @cached_property
    def findings(self) -> dict[Role, tuple[str, bool]]:
        return {role: finding(role, self.numbers) for role in ROLE_WORDS if role in self.roles}

    @property
    def headline(self) -> str:
        """The finding of the first role that has something to act on, else of the first role."""
        said = list(self.findings.values())
        return next((words for words, pressing in said if pressing), said[0][0])

    def found(self, role: str) -> str:
        """What a role finds, where the head of the page does not say it."""
        words, _ = self.findings[Role(role)]
        return "" if words == self.headline else words

    @property
    def tiles(self) -> list[tuple[str, str, str]]:
        return tiles.shown(self.all_tiles, self.numbers)

    @property
    def first_steps(self) -> list[tuple[str, str, bool]]:
        """What a new installation needs: words, address where there is such a page, whether it is done."""
        if not self.roles & SETS_UP or self.numbers["first_case"]:
            return []
        log = url_for("referrals.choose") if may(self.viewer, Action.LOG_REFERRAL) else ""
        manages = may(self.viewer, Action.MANAGE_PARTNERSHIP)
        return [
            (
                "Add the agencies that take part",
                address_of("admin.agencies") if manages else "",
                self.numbers["agencies"] > 0,
            ),
            (
                "Add the people who work here",
                address_of("admin.users") if manages else "",
                self.numbers["colleagues"] > 0,
            ),
            ("Log the first case, or bring in those you have", log, False),
        ]

    @property
    def main_button(self) -> tuple[str, str]:
        """What somebody in the first of these roles does most: words and address, empty where nothing is to do."""
        if may(self.viewer, Action.LOG_REFERRAL):
            return "Log a referral", url_for("referrals.choose")
        if self.decisions:
            return "Record a decision", self.decisions[0].href if len(self.decisions) == 1 else "#decide"
        if Role.MANAGER in self.roles and self.numbers["overdue"]:
            return "View overdue", url_for("cases.index", status="overdue")
        if Role.AUDITOR in self.roles and self.newest_cases:
            return "Export a case history", "#newest"
        if self.asked:
            words = "Update an action" if isinstance(self.asked[0], PlannedAction) else "Answer a request"
            return words, self.requests[0].href
        return ("Manage users", address_of("admin.users")) if Role.ADMINISTRATOR in self.roles else ("", "")

    # -- The viewer's own work ----------------------------------------------------------------------------------------

    @property
    def records(self) -> bool:
        """Whether deadlines can be this person's to see to."""
        return may(self.viewer, Action.RECORD_STEP)

    @cached_property
    def due(self) -> tuple[list[rows.Part], int]:
        """The next ten of the viewer's deadlines in parts, less the decisions above them; and how many there are."""
        page = deadline_page(self.viewer, DeadlineFilter(mine=True), self.today)
        others = [deadline for deadline in page.deadlines if deadline not in self.waiting]
        return rows.next_parts(others[:MOST_ROWS], self.today, self.roles), page.total

    @cached_property
    def waiting(self) -> Sequence[Deadline]:
        return decisions_waiting(self.viewer) if Role.CHAIR in self.roles else []

    @property
    def decisions(self) -> list[rows.DueRow]:
        return [rows.due_row(deadline, self.today, self.roles) for deadline in self.waiting]

    @cached_property
    def changes(self) -> list[rows.ChangeRow]:
        return rows.change_rows(changes(self.viewer), self.today)

    @cached_property
    def drafts(self) -> list[rows.DraftRow]:
        if not may(self.viewer, Action.LOG_REFERRAL):
            return []
        return [rows.draft_row(draft, self.today) for draft in drafts_of(self.viewer)]

    # -- Work of others, by role --------------------------------------------------------------------------------------

    @cached_property
    def team(self) -> Team:
        return team(self.viewer, self.today)

    @cached_property
    def undelivered(self) -> Sequence[Message]:
        return undelivered(self.viewer)

    @cached_property
    def newest_cases(self) -> Sequence[Case]:
        return newest_cases(self.viewer)

    @cached_property
    def open_requests(self) -> Sequence[Deadline]:
        return open_requests(self.viewer) if Role.PARTNER in self.roles else []

    @cached_property
    def led_actions(self) -> Sequence[PlannedAction]:
        """What the viewer's agency has still to do, and not yet claimed to have done."""
        if Role.PARTNER not in self.roles:
            return []
        return [action for action in led_actions(self.viewer) if action.status in OPEN]

    @cached_property
    def asked(self) -> list[Deadline | PlannedAction]:
        """What the viewer's agency is asked for and is to do, the earliest due first."""
        return sorted([*self.open_requests, *self.led_actions], key=lambda each: each.due_on or date.max)

    @property
    def requests(self) -> list[rows.RequestRow]:
        return [rows.request_row(each, self.today) for each in self.asked[:MOST_ROWS]]

    @cached_property
    def users(self) -> Sequence[User]:
        return all_users(self.viewer)

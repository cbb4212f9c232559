"""The tracker with the pilot's cases in it, and somebody of every role, for tests that only look."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from tests.browser.inspecting import watch
from tests.browser.serving import serving
from tests.browser.walking import Walker
from tests.builders import PASSWORD
from tracker import clock
from tracker.extensions import db
from tracker.models import Case, Role
from tracker.models.facts import reckoned
from tracker.procedures.vocabulary import Effect
from tracker.services.demo import PEOPLE, SignIn, fill_demo


@dataclass
class Pilot:
    """The windows that are open on it, one a role, and what the browser complained of in any of them."""

    app: Flask
    browser: Browser
    address: str
    windows: dict[Role, Page]
    complaints: list[str]

    def seen_by(self, role: Role) -> Page:
        """The window of somebody who has signed in with this role."""
        if role not in self.windows:
            context = self.browser.new_context(base_url=self.address, viewport={"width": 1280, "height": 800})
            watch(context, self.complaints)
            self.windows[role] = context.new_page()
            Walker(self.windows[role]).sign_in(email_of(role))
        return self.windows[role]

    def overviews(self) -> list[str]:
        """The address of a case of each kind at each stage that the pilot has."""
        with self.app.app_context():
            cases = db.session.scalars(select(Case).order_by(Case.reference)).all()
            return list({(case.case_type, case.stage): f"/cases/{case.reference}" for case in cases}.values())

    def steps(self, case_type: str) -> list[str]:
        """The address of each step of this kind of review, on a case that may record it now if there is one."""
        with self.app.app_context():
            cases = db.session.scalars(select(Case).where(Case.case_type == case_type)).all()
            ready = {key: case.reference for case in cases for key in reckoned(case, clock.today()).open_steps}
            return [
                f"/cases/{ready.get(step.key, cases[0].reference)}/steps/{step.key}"
                for step in cases[0].procedure.steps
                # What every kind may record is looked at once, on the kind that has a case for each.
                if not step.opens
                and step.effect is not Effect.CORRECTED
                and (step.effect is Effect.NONE or (case_type == "dhr" and step.key in ready))
            ]


@contextmanager
def pilot(app: Flask, browser: Browser) -> Iterator[Pilot]:
    """The pilot, served meanwhile."""
    with app.app_context():
        fill_demo("shropshire", by=None, secret=[SignIn(*person, PASSWORD) for person in people()])
    with serving(app) as address:
        opened = Pilot(app, browser, address, {}, [])
        yield opened
        for window in opened.windows.values():
            window.context.close()


def people() -> list[tuple[Role, str, str, str]]:
    return [(role, name, email_of(role), agency) for role, name, agency in PEOPLE]


def email_of(role: Role) -> str:
    return f"{role.value}@shropshire.example"

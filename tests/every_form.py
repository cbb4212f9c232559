"""A tracker in which every form can be opened, and the addresses of all of them."""

from collections.abc import Iterator
from contextvars import Context
from datetime import date, timedelta
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.bad_values import drawn, forms_of
from tests.builders import make_partnership, make_user, sign_in_as
from tests.hostile import PDF
from tests.referring import REFERRALS, Page, answer
from tracker import clock
from tracker.extensions import db
from tracker.models import (
    Agency,
    Attachment,
    Briefing,
    Case,
    Deadline,
    Membership,
    Message,
    MessageState,
    Plan,
    PlannedAction,
    Role,
    Theme,
)
from tracker.procedures import PROCEDURES
from tracker.procedures.plan_status import LIVE, OPEN, Status, may_happen
from tracker.procedures.vocabulary import Effect
from tracker.services import agencies, case_access
from tracker.services.branding import propose_branding
from tracker.services.cases import log_referral, record_step
from tracker.services.demo import fill_demo, new_sign_ins
from tracker.services.drafts import begin_draft
from tracker.services.findings import add_finding
from tracker.services.item_links import make_item_link
from tracker.services.plan_uploads import keep_upload
from tracker.services.plans import begin_plan
from tracker.services.progress import claim_complete, verify_action
from tracker.services.recommendations import address_recommendation
from tracker.services.reminder_choices import add_time_away
from tracker.services.saved_views import save_view
from tracker.services.settings import change_setting
from tracker.services.time_requests import ask_for_time
from tracker.services.users import make_new_link
from tracker.web.admin.offered import offered
from tracker.web.plans.recording import RECORDS

Row = TypeVar("Row")
HERE = "?partnership=shropshire"
LENGTH = {"length": 30, "unit": "days"}
SHEET = b"Recommendation,Scope,Action,Lead agency,Target date\nTeach,Local,Find a trainer,Council,Ongoing\n"
STARTS = {  # what a case of each edition has behind it, so that there is something to extend, to end, to answer
    "dhr-2016": (("decided_to_review", ""), ("imr_requested", "West Mercia Police"), ("hold_started", "")),
    "dardr-2024": (("hold_started", ""),),
    "asb-2014": (("acknowledged", ""), ("information_requested", "West Mercia Police"), ("hold_started", "")),
    "owhr-2022": (("partner_aware", "West Mercia Police"), ("hold_started", "")),
}


class EveryForm:
    """The pilot, somebody of every role in it, and the addresses of pages that together hold every form there is."""

    def __init__(self, app: Flask) -> None:
        """Fills the database of *app*, which is bound to an application context."""
        self.serve = app.wsgi_app
        app.wsgi_app = self.serve_apart  # type: ignore[method-assign, assignment]
        self.client, self.stranger = app.test_client(), app.test_client()
        fill_demo("shropshire", by=None, secret=new_sign_ins())
        self.home = make_partnership("shropshire")
        self.agency = one(Agency, Agency.name == "West Mercia Police")
        self.others = [make_user(role, partnership=self.home) for role in (Role.OFFICER, Role.MANAGER, Role.AUDITOR)]
        self.viewer = make_user(*Role, partnership=self.home)
        self.viewer.agency = self.agency
        neighbour = make_partnership("worcester")
        self.viewer.memberships += [
            Membership(partnership_id=neighbour.id, role=role) for role in (Role.OFFICER, Role.ADMINISTRATOR)
        ]
        db.session.commit()
        sign_in_as(self.client, self.viewer)

    def serve_apart(self, *request: Any) -> Any:
        """Answers a request in a context of its own, as from a real server, that sees what the test has stored."""
        db.session.commit()
        return Context().run(self.serve, *request)

    def pages(self) -> Iterator[tuple[FlaskClient, str]]:
        """Every page with a form, and the browser that opens it."""
        for made in (self.steps, self.referrals, self.cases, self.agencies, self.plans, self.admin, self.own):
            for address in made():
                yield self.client, address
        for address in ("/sign-in", "/item/new-link", f"/set-password/{make_new_link(self.others[0], by=None)}"):
            yield self.stranger, address

    def steps(self) -> Iterator[str]:
        """Each step of each edition, each decision, and corrections."""
        for edition, behind in STARTS.items():
            case = self.case(edition, *behind)
            at = f"/cases/{case.reference}"
            steps = PROCEDURES[edition].steps
            yield from (f"{at}/steps/{each.key}" for each in steps if each.effect is not Effect.CORRECTED)
            asked = PROCEDURES[edition].decisions
            several = [each.key for each in asked if len(PROCEDURES[edition].ways_to_decide(each.key)) > 1]
            yield from (f"{at}/decisions/{key}" for key in several)
            for number in (1, len(case.events)):
                yield from (f"{at}/events/{number}/correct{how}" for how in ("", "/never", "/otherwise"))

    def case(self, edition: str, *behind: tuple[str, str], on: date | None = None) -> Case:
        on = on or clock.today() - timedelta(days=10)
        case = log_referral(self.home, by=self.viewer, edition=edition, on=on, answers={})
        for key, subject in behind:
            record_step(case, by=self.viewer, step=key, on=on + timedelta(days=1), answers={}, subject=subject)
        return case

    def referrals(self) -> Iterator[str]:
        """Each page of a referral of each kind, and what is asked around them."""
        yield from ("/cases/log", *(f"/cases/log/for/{kind}" for kind in REFERRALS))
        for kind, asked in REFERRALS.items():
            draft = f"/cases/log/{begin_draft(self.home, by=self.viewer, case_type=kind).key}"
            answer(self.client, draft, {page: self.offered(given) for page, given in asked.items()})
            yield from (f"{draft}/{page}" for page in (*asked, "check", "discard"))
            if kind == "asb":
                yield from (f"{draft}/complaints", f"{draft}/complaints/3")

    def offered(self, given: Page) -> Page:
        """The answers of a page where an agency is chosen and not typed."""
        return given | {"answer_from": self.agency.name} if "answer_from" in given else given

    def cases(self) -> Iterator[str]:
        """What is asked about who sees a case, who runs it, its history, and lists of cases."""
        open_case = f"/cases/{self.case('asb-2014').reference}"
        yield from (f"{open_case}/{page}" for page in ("access/restrict", "people/reassign", "plan/begin"))
        yield from (f"{open_case}/{page}" for page in ("access/conflict", "history/export"))
        closed = self.case("asb-2014")
        for person in self.others[:2]:
            case_access.declare_conflict(closed, by=self.viewer, person=person, reason="A neighbour.")
        case_access.restrict_case(closed, by=self.viewer, reason="A member of staff.")
        case_access.name_person(closed, by=self.viewer, person=self.others[2])
        for page in ("lift", "name", "remove", "conflict/withdraw"):
            yield f"/cases/{closed.reference}/access/{page}"
        view = save_view("Late", by=self.viewer, filters={"status": "overdue"})
        yield from ("/cases/views?status=overdue", "/cases/export?status=overdue", f"/cases/views/{view.id}/delete")

    def agencies(self) -> Iterator[str]:
        """What an agency is asked, signed in or by a link, and what is asked about that."""
        request, other = self.request(), self.request()
        led = PlannedAction.agency_id == self.agency.id
        action = one(PlannedAction, led, PlannedAction.status.in_(LIVE))
        for address in (f"/partner/requests/{request.id}", f"/partner/actions/{action.id}"):
            yield from (address, f"{address}/more-time")
        for item in (request, action):
            link = f"/item/{make_item_link(item, by=self.viewer, email='a@police.example')}"
            yield link
            self.send(f"{link}?open=1", page=link)
            yield from (link, f"{link}/more-time")
        yield from (f"/requests/{request.id}/link", f"/requests/actions/{action.id}/link", "/requests/links/1/end")
        later = clock.today() + timedelta(days=300)
        yield f"/requests/more-time/{ask_for_time(request, by=self.viewer, until=later, reason='The archive.').id}"
        self.send(f"/partner/requests/{other.id}", sent="sent", file=(BytesIO(PDF), "reply.pdf"))
        yield f"/files/{one(Attachment).key}/dispose"

    def request(self) -> Deadline:
        """What the agency is asked for in a case of its own."""
        case = self.case("asb-2014", ("information_requested", self.agency.name))
        return one(Deadline, Deadline.case_id == case.id, Deadline.subject == self.agency.name)

    def send(self, address: str, *, page: str = "", **answers: Any) -> str:
        """Sends the first form of a page with these answers. Returns the address it leads to."""
        form = forms_of(self.client.get(page or address).text)[0]
        response = self.client.post(address, data=drawn(form).to_dict() | answers)
        assert response.status_code == 302, (address, response.text)
        return str(response.location)

    def plans(self) -> Iterator[str]:
        """What is asked about a plan, each of its lines, each record of an action, and a file."""
        plan = one(Plan, Plan.case_id.is_not(None))
        yield from ("/plans/begin", f"/cases/{plan.case.reference}/plan")
        line = plan.recommendations[0]
        address_recommendation(line, by=self.viewer, name="The Home Office", sent_on=clock.today())
        finding = add_finding(plan, by=self.viewer, text="Agencies did not ask.", themes=[])
        at = f"/plans/{plan.id}/recommendations/{line.id}"
        yield from (
            f"{at}/change",
            f"{at}/bodies/add",
            *(f"{at}/bodies/{line.addressees[0].id}/{asked}" for asked in ("dates", "answer")),
        )
        yield from (f"{at}/actions/add", f"/plans/{plan.id}/recommendations/add", f"/plans/{plan.id}/change")
        yield from (f"/plans/{plan.id}/findings/add", f"/plans/{plan.id}/findings/{finding.id}/change")
        for _ in range(2):
            action = one(PlannedAction, PlannedAction.agency_id != self.agency.id, PlannedAction.status.in_(OPEN))
            claim_complete(action, by=self.others[1], on=clock.today(), text="It is done.")
        verify_action(action, by=self.viewer, on=clock.today(), text="It is.", upheld=True)
        for kind, record in RECORDS.items():
            statuses = [each for each in Status if record.happening is None or may_happen(each, record.happening)]
            yield f"/plans/actions/{one(PlannedAction, PlannedAction.status.in_(statuses)).id}/{kind}"
        new = begin_plan(self.home, by=self.viewer, title="Serious violence")
        check = f"/plans/{new.id}/import/{keep_upload(new, by=self.viewer, name='plan.csv', content=SHEET).key}"
        yield from (f"/plans/{new.id}/import", check, f"{check}/columns", "/actions", "/actions/scorecard")

    def admin(self) -> Iterator[str]:
        """What administrators are asked: settings, users, agencies, themes, the look, messages."""
        later = clock.today() + timedelta(days=30)
        change_setting(self.home, by=self.viewer, key="asb.panel", value=LENGTH, takes_effect_on=later)
        yield from (f"/admin/settings/{key}{HERE}" for key in offered())
        yield f"/admin/settings/asb.panel/withdraw/{later}{HERE}"
        user = f"/admin/users/{self.others[0].id}"
        yield from (f"{user}/{page}" for page in ("roles/add", "link", "disable", "enable"))
        yield from (f"{user}/roles/{self.others[0].memberships[0].id}/remove", f"/admin/users/add{HERE}")
        contact = agencies.add_agency_contact(self.agency, by=self.viewer, name="Duty desk", email="d@police.example")
        for page in ("kind", "rename", "merge", "retire", "bring-back", "contacts/add"):
            yield f"/admin/agencies/{self.agency.id}/{page}"
        yield from (f"/admin/contacts/{contact.id}/end", f"/admin/agencies/add{HERE}", f"/admin/themes/add{HERE}")
        theme = one(Theme, Theme.partnership_id == self.home.id)
        yield from (f"/admin/themes/{theme.id}/{page}" for page in ("rename", "retire", "bring-back"))
        propose_branding(self.home, by=self.viewer, name="Shropshire", colour="#1d70b8")
        yield from (f"/admin/branding{HERE}", f"/admin/branding/preview{HERE}")
        failed = Message(kind="digest", user_id=self.viewer.id, partnership_id=self.home.id, state=MessageState.FAILED)
        db.session.add(failed)
        db.session.commit()
        yield f"/admin/messages/{failed.id}"
        briefing = one(Briefing)
        yield f"/learning/themes/{briefing.theme_id}/briefings/add"
        yield from (f"/learning/briefings/{briefing.id}/{page}" for page in ("change", "remove"))

    def own(self) -> Iterator[str]:
        """What everybody is asked about themselves."""
        first = clock.today() + timedelta(days=10)
        add_time_away(self.viewer, by=self.viewer, first_on=first, last_on=first)
        yield from (f"/account/{page}" for page in ("reminders", "away", "calendar"))
        yield "/notices"


def one(kind: type[Row], *which: Any) -> Row:
    """The first row of a kind for which this is true."""
    return db.session.scalars(select(kind).where(*which).limit(1)).one()

"""Agencies: their contacts, and what becomes of them when they are renamed, merged or retired."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.bad_values import INERT_TEXTS, REFUSED_TEXTS, drawn, form_of
from tests.builders import make_partnership, make_user, sign_in_as
from tests.pages import page
from tracker.errors import NotPermitted, Refused
from tracker.models import Agency, AgencyContact, Role
from tracker.queries.partnerships import agency_contact_emails, agency_names, contact_emails
from tracker.services import agencies

ON = date(2026, 3, 2)


def an_agency(name: str = "Wrekin Homes", *emails: str, partnership: str = "shropshire") -> Agency:
    agency = agencies.add_agency(make_partnership(partnership), by=None, name=name)
    for email in emails:
        agencies.add_agency_contact(agency, by=None, name="Duty desk", email=email)
    return agency


def emails_of(name: str) -> list[str]:
    return agency_contact_emails(make_partnership().id, name)


def test_contacts_are_written_to_until_they_leave(session: Session) -> None:
    agency = an_agency("Wrekin Homes", "B@example.org ", "a@example.org")
    an_agency("Wrekin Homes", "z@example.org", partnership="telford")
    assert emails_of("Wrekin Homes") == ["a@example.org", "b@example.org"]
    assert emails_of("Unknown Homes") == []
    agencies.end_agency_contact(agency.contacts[0], by=None)
    left = [contact.email for contact in agency.contacts if contact.active]
    assert emails_of("Wrekin Homes") == left
    with pytest.raises(Refused, match="already"):
        agencies.add_agency_contact(agency, by=None, name="Again", email=left[0])
    agencies.add_agency_contact(agency, by=None, name="Back again", email=agency.contacts[0].email)
    assert emails_of("Wrekin Homes") == ["a@example.org", "b@example.org"]
    assert session.scalars(select(AgencyContact.name).where(AgencyContact.name == "Back again")).all()


def test_whoever_answers_now_is_written_to_under_every_earlier_name(session: Session) -> None:
    first = an_agency("Old Homes", "desk@example.org")
    speaker = make_user(Role.PARTNER)
    speaker.agency = first
    session.commit()
    second = agencies.rename_agency(first, by=None, name="New Homes", on=ON)
    third = an_agency("Big Homes", "desk@example.org", "big@example.org")
    agencies.merge_agency(second, by=None, into=third, on=ON)
    session.expire_all()
    assert (first.successor, second.successor, third.successor) == (third, third, None)
    assert [agency.name for agency in third.predecessors] == ["New Homes", "Old Homes"]
    assert speaker.agency is third
    for name in ("Old Homes", "New Homes", "Big Homes"):
        assert emails_of(name) == ["big@example.org", "desk@example.org"]
    assert agency_names(third.partnership_id) == ["Big Homes"]


def test_a_retired_agency_is_neither_offered_nor_written_to_until_it_is_brought_back(session: Session) -> None:
    agency = an_agency("Wrekin Homes", "desk@example.org")
    agencies.retire_agency(agency, by=None, on=ON)
    assert (agency_names(agency.partnership_id), contact_emails([agency.partnership_id])) == ([], {})
    with pytest.raises(Refused, match="ended already"):
        agencies.rename_agency(agency, by=None, name="Other", on=ON)
    agencies.bring_back_agency(agency, by=None)
    assert agency_names(agency.partnership_id) == ["Wrekin Homes"]
    assert emails_of("Wrekin Homes") == ["desk@example.org"]


def test_an_agency_that_somebody_speaks_for_is_not_retired(session: Session) -> None:
    agency = an_agency()
    speaker = make_user(Role.PARTNER)
    speaker.agency = agency
    session.commit()
    with pytest.raises(Refused, match="Disable it first"):
        agencies.retire_agency(agency, by=None, on=ON)


@pytest.mark.parametrize(
    ("into", "on", "says"),
    [
        ("itself", ON, "another agency"),
        ("foreign", ON, "another agency"),
        ("ended", ON, "has ended"),
        ("other", date(2999, 1, 1), "today or in the past"),
    ],
)
def test_what_is_no_merger_is_refused(session: Session, into: str, on: date, says: str) -> None:
    agency = an_agency()
    ended = an_agency("Ended Homes")
    agencies.retire_agency(ended, by=None, on=ON)
    chosen = {
        "itself": agency,
        "ended": ended,
        "other": an_agency("Other Homes"),
        "foreign": an_agency("Far Homes", partnership="telford"),
    }
    with pytest.raises(Refused, match=says):
        agencies.merge_agency(agency, by=None, into=chosen[into], on=on)
    assert agency.ended_on is None


def test_only_an_administrator_of_the_partnership_changes_its_agencies(session: Session) -> None:
    agency = an_agency()
    for nobody in (make_user(Role.OFFICER), make_user(Role.ADMINISTRATOR, partnership=make_partnership("telford"))):
        with pytest.raises(NotPermitted):
            agencies.retire_agency(agency, by=nobody, on=ON)


# -- Pages -------------------------------------------------------------------------------------------------------------


def test_an_administrator_adds_an_agency_and_whom_to_write_to(client: FlaskClient) -> None:
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    added = client.post("/admin/agencies/add", data={"name": "Wrekin Homes", "kind": "housing"})
    shown = client.post(f"{added.location}/contacts/add", data={"name": "Duty desk", "email": "desk@example.org"})
    assert "Duty desk is a contact of Wrekin Homes now" in client.get(shown.location).text
    listed = page(client.get("/admin/agencies")).select_one("tbody tr")
    assert listed
    assert [cell.get_text(strip=True) for cell in listed.select("th, td")] == ["Wrekin Homes", "Housing", "Duty desk"]
    assert emails_of("Wrekin Homes") == ["desk@example.org"]


def test_another_partnerships_agency_is_not_there(client: FlaskClient) -> None:
    agency = an_agency("Far Homes", "far@example.org", partnership="telford")
    here = an_agency()
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    nowhere = client.get("/admin/agencies/999999")
    for path in ("", "/kind", "/rename", "/merge", "/retire", "/bring-back", "/contacts/add"):
        answer = (
            client.post(f"/admin/agencies/{agency.id}{path}") if path else client.get(f"/admin/agencies/{agency.id}")
        )
        assert answer.status_code == 404, path
    assert client.get(f"/admin/contacts/{agency.contacts[0].id}/end").status_code == 404
    assert client.get("/admin/agencies?partnership=telford").status_code == nowhere.status_code == 404
    forced = client.post(f"/admin/agencies/{here.id}/merge", data={"into": str(agency.id), "on": ["2", "3", "2026"]})
    assert "Select which agency answers for it now" in forced.text
    assert client.get("/admin/agencies/99999999999999999999").status_code == 404


FORMS = ("add", "{n}/kind", "{n}/rename", "{n}/merge", "{n}/retire", "{n}/contacts/add")


@pytest.mark.parametrize("path", FORMS)
def test_bad_values_are_refused_beside_their_field(client: FlaskClient, session: Session, path: str) -> None:
    agency = an_agency()
    an_agency("Other Homes")
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    address = f"/admin/agencies/{path.format(n=agency.id)}"
    form = form_of(client.get(address).text)
    names = {str(field["name"]) for field in form.select("input:not([type=hidden]), select")}
    for bad in (*REFUSED_TEXTS, "x" * 201, "|"):
        sent = drawn(form)
        for name in names:
            sent.setlist(name, [bad] * 3 if name == "on" else [bad])
        if bad == "|" and names <= {"name", "kind"}:
            continue
        answer = client.post(address, data=sent)
        assert answer.status_code == 200
        assert page(answer).select(".govuk-error-summary a[href]"), bad[:20]
    session.expire_all()
    assert [each.name for each in session.scalars(select(Agency).order_by(Agency.id))] == [
        "Wrekin Homes",
        "Other Homes",
    ]
    assert not agency.ended_on
    assert session.scalars(select(AgencyContact)).all() == []


def test_text_stays_text(client: FlaskClient) -> None:
    sign_in_as(client, make_user(Role.ADMINISTRATOR))
    for text in INERT_TEXTS:
        client.post("/admin/agencies/add", data={"name": text, "kind": ""}, follow_redirects=True)
    shown = page(client.get("/admin/agencies"))
    assert {link.text for link in shown.select("tbody a")} >= {" ".join(text.split()) for text in INERT_TEXTS}
    assert not shown.select("main script")

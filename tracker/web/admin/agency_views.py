"""Agencies: who takes part, whom to write to there, and what became of those that ended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.models.partnerships import Agency, AgencyContact
from tracker.policy import Action
from tracker.queries.agencies import all_agencies, managed_agency, managed_contact
from tracker.services import agencies as services
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.forms import (
    AgencyForm,
    ConfirmForm,
    ContactForm,
    KindForm,
    MergeForm,
    RenameForm,
    RetireForm,
    carried_out,
)
from tracker.web.admin.scope import scope
from tracker.web.filters import day

AGENCY = "/agencies/<int(max=2147483647):number>"
CONTACT = "/contacts/<int(max=2147483647):number>"


def agency_or_404(number: int) -> Agency:
    agency = managed_agency(signed_in(), number)
    if agency is None:
        raise NotFound
    return agency


def contact_or_404(number: int) -> AgencyContact:
    contact = managed_contact(signed_in(), number)
    if contact is None:
        raise NotFound
    return contact


def back_to(agency: Agency, message: str) -> ResponseReturnValue:
    """The agency's page, which says what was done."""
    flash(message)
    return redirect(url_for(".agency", number=agency.id))


@pages.route("/agencies")
@requires(Action.MANAGE_PARTNERSHIP)
def agencies() -> ResponseReturnValue:
    """Those that take part, and apart from them those that ended."""
    here = scope()
    found = all_agencies(signed_in(), here.partnership.id)
    return render_template("admin/agencies.html", here=here, agencies=found)


@pages.route("/agencies/add", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def add_agency() -> ResponseReturnValue:
    here, form = scope(), AgencyForm()
    if carried_out(
        form,
        lambda: services.add_agency(here.partnership, by=signed_in(), name=form.name.data, kind=form.kind.data),
    ):
        added = services.find_agency(here.partnership, form.name.data)
        return back_to(added, f"{added.name} takes part now. Add whom to write to there.") if added else ("", 404)
    return render_template(
        "admin/ask.html",
        form=form,
        heading="Add an agency",
        caption=here.note,
        back=here.href(".agencies"),
    )


@pages.route(AGENCY)
@requires(Action.MANAGE_PARTNERSHIP)
def agency(number: int) -> ResponseReturnValue:
    """Its contacts, its names, and what may be done about it."""
    return render_template("admin/agency.html", agency=agency_or_404(number))


@pages.route(f"{AGENCY}/kind", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def change_agency(number: int) -> ResponseReturnValue:
    found = agency_or_404(number)
    form = KindForm(kind=found.kind)
    if carried_out(form, lambda: services.change_agency_kind(found, by=signed_in(), kind=form.kind.data)):
        return back_to(found, f"{found.name} has been changed.")
    return asked(form, "Change what sort of body it is", found)


@pages.route(f"{AGENCY}/rename", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def rename_agency(number: int) -> ResponseReturnValue:
    """Gives it a new name from a day on."""
    found, form = agency_or_404(number), RenameForm()
    if carried_out(form, lambda: services.rename_agency(found, by=signed_in(), name=form.name.data, on=form.on.data)):
        successor = agency_or_404(found.successor_id or 0)
        return back_to(successor, f"{found.name} is called {successor.name} from {day(form.on.data)}.")
    about = (
        "Cases keep the name that was recorded in them. What is still asked of the agency under its old name reaches"
        " the same contacts and accounts."
    )
    return asked(form, "Rename the agency", found, about)


@pages.route(f"{AGENCY}/merge", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def merge_agency(number: int) -> ResponseReturnValue:
    """Lets another agency answer for it."""
    found, form = agency_or_404(number), MergeForm()
    others = {
        str(other.id): other
        for other in all_agencies(signed_in(), found.partnership_id)
        if other.ended_on is None and other.id != found.id
    }
    form.into.choices = [(key, other.name) for key, other in others.items()]
    if carried_out(
        form, lambda: services.merge_agency(found, by=signed_in(), into=others[form.into.data], on=form.on.data)
    ):
        return back_to(found, f"{others[form.into.data].name} answers for {found.name} now.")
    about = (
        "The other agency takes over its contacts and accounts, and whatever is still asked of it. Cases keep the name"
        " that was recorded in them. This cannot be undone."
    )
    return asked(form, "Merge the agency into another", found, about)


@pages.route(f"{AGENCY}/retire", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def retire_agency(number: int) -> ResponseReturnValue:
    found, form = agency_or_404(number), RetireForm()
    if carried_out(form, lambda: services.retire_agency(found, by=signed_in(), on=form.on.data)):
        return back_to(found, f"{found.name} is not offered any more.")
    about = "It is not offered for new requests any more, and nobody there is written to. Its record stays."
    return asked(form, "Retire the agency", found, about)


@pages.route(f"{AGENCY}/bring-back", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def bring_back_agency(number: int) -> ResponseReturnValue:
    found, form = agency_or_404(number), ConfirmForm("Bring it back")
    if carried_out(form, lambda: services.bring_back_agency(found, by=signed_in())):
        return back_to(found, f"{found.name} takes part again.")
    return asked(form, "Bring the agency back", found, "It is offered for requests again, and its contacts are too.")


@pages.route(f"{AGENCY}/contacts/add", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def add_contact(number: int) -> ResponseReturnValue:
    found, form = agency_or_404(number), ContactForm()
    if carried_out(
        form,
        lambda: services.add_agency_contact(found, by=signed_in(), name=form.name.data, email=form.email.data),
    ):
        return back_to(found, f"{form.name.data} is a contact of {found.name} now.")
    about = "Reminders about what is asked of the agency go to its contacts. A contact needs no account here."
    return asked(form, "Add a contact", found, about)


@pages.route(f"{CONTACT}/end", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def end_contact(number: int) -> ResponseReturnValue:
    contact, form = contact_or_404(number), ConfirmForm("Write to them no more", look="warning")
    if carried_out(form, lambda: services.end_agency_contact(contact, by=signed_in())):
        return back_to(contact.agency, f"{contact.name} is not written to any more.")
    about = f"{contact.name} ({contact.email}) will get no more mail for {contact.agency.name}."
    return asked(form, "Remove a contact", contact.agency, about)


def asked(form: object, heading: str, found: Agency, about: str = "") -> ResponseReturnValue:
    """A form about one agency."""
    return render_template(
        "admin/ask.html",
        form=form,
        heading=heading,
        caption=found.name,
        about=about,
        back=url_for(".agency", number=found.id),
    )

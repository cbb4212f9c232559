"""Who has access, in which role."""

import re
from collections.abc import Sequence

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.models.partnerships import Partnership
from tracker.models.users import Role, User
from tracker.policy import Action, partnerships_where
from tracker.queries.partnerships import agency_names, partnerships_numbered
from tracker.queries.people import PeopleFilter, last_seen_of, managed_user, people_page
from tracker.services import users as services
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.forms import ConfirmForm, carried_out
from tracker.web.admin.user_forms import PeopleForm, PersonForm, RoleForm
from tracker.web.frame import ROLE_WORDS

PERSON = "/users/<int(max=2147483647):number>"
PAGE = re.compile(r"[0-9]{1,6}")
ONCE = "Copy the link now: it is shown only this once, works once, and for 7 days. Send it to nobody but them."


def user_or_404(number: int) -> User:
    user = managed_user(signed_in(), number)
    if user is None:
        raise NotFound
    return user


def managed_partnerships() -> Sequence[Partnership]:
    """Where the viewer manages users, by name."""
    return partnerships_numbered(partnerships_where(signed_in(), Action.MANAGE_USERS))


@pages.route("/users")
@requires(Action.MANAGE_USERS)
def users() -> ResponseReturnValue:
    """Everybody the viewer manages, as the filters in the address let through."""
    form = PeopleForm(formdata=request.args)
    sound = form.validate()
    page = request.args.get("page", "1")
    number = int(page) if PAGE.fullmatch(page) else 1
    wanted = PeopleFilter(form.text.data, form.state.data, form.role.data, number) if sound else PeopleFilter()
    found = people_page(signed_in(), wanted)

    def page_href(number: int) -> str:
        return url_for(
            ".users", page=number, text=wanted.text or None, state=wanted.state or None, role=wanted.role or None
        )

    return render_template("admin/users.html", form=form, found=found, page_href=page_href, words=ROLE_WORDS)


@pages.route("/users/add", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def add_user() -> ResponseReturnValue:
    """Somebody new; the next page shows the link by which they choose a password."""
    form, partnerships = PersonForm(), managed_partnerships()
    form.offer(partnerships, sorted({name for each in partnerships for name in agency_names(each.id)}))
    made: list[tuple[User, str]] = []
    if carried_out(
        form,
        lambda: made.append(
            services.add_user(
                form.chosen(partnerships),
                by=signed_in(),
                email=form.email.data,
                role=Role(form.role.data),
                name=form.name.data,
                agency=form.agency.data,
            )
        ),
    ):
        return with_link(*made[0], f"{made[0][0].name} has access")
    return render_template("admin/ask.html", form=form, heading="Add a user", back=url_for(".users"))


@pages.route(PERSON)
@requires(Action.MANAGE_USERS)
def user(number: int) -> ResponseReturnValue:
    """Their roles, and what may be done about their access."""
    person, managed = user_or_404(number), partnerships_where(signed_in(), Action.MANAGE_USERS)
    return render_template(
        "admin/user.html",
        person=person,
        held=[held for held in person.memberships if held.partnership_id in managed],
        elsewhere=any(held.partnership_id not in managed for held in person.memberships),
        several=len(managed) > 1,
        seen=last_seen_of([person]).get(person.id),
        words=ROLE_WORDS,
    )


@pages.route(f"{PERSON}/roles/add", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def add_role(number: int) -> ResponseReturnValue:
    person, form, partnerships = user_or_404(number), RoleForm(), managed_partnerships()
    form.offer(partnerships, sorted({name for each in partnerships for name in agency_names(each.id)}))
    if carried_out(
        form,
        lambda: services.add_user(
            form.chosen(partnerships),
            by=signed_in(),
            email=person.email,
            role=Role(form.role.data),
            agency=form.agency.data,
        ),
    ):
        return back_to(person, f"{person.name} is {ROLE_WORDS[Role(form.role.data)]} now.")
    return asked(form, "Give another role", person)


@pages.route(f"{PERSON}/roles/<int(max=2147483647):place>/remove", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def remove_role(number: int, place: int) -> ResponseReturnValue:
    """Takes one role away. A page left open by an earlier change finds nothing."""
    person, managed = user_or_404(number), partnerships_where(signed_in(), Action.MANAGE_USERS)
    held = next((held for held in person.memberships if held.id == place and held.partnership_id in managed), None)
    if held is None:
        raise NotFound
    form, partnership, role = ConfirmForm("Take the role away", look="warning"), held.partnership, held.role
    if carried_out(form, lambda: services.remove_role(person, by=signed_in(), partnership=partnership, role=role)):
        flash(f"{person.name} is {ROLE_WORDS[role]} no more.")
        still = managed_user(signed_in(), number)
        return redirect(url_for(".user", number=number) if still else url_for(".users"))
    about = f"{person.name} is {ROLE_WORDS[role]} in {partnership.name}. The role ends with their next click."
    return asked(form, f"Take away the role of {ROLE_WORDS[role]}", person, about)


@pages.route(f"{PERSON}/link", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def new_link(number: int) -> ResponseReturnValue:
    """A new link to choose a password, shown once."""
    person, form = user_or_404(number), ConfirmForm("Make a new link")
    made: list[str] = []
    if carried_out(form, lambda: made.append(services.make_new_link(person, by=signed_in()))):
        return with_link(person, made[0], f"A new link for {person.name}")
    about = "Whoever has the link chooses the password. Links made before stop working."
    return asked(form, "Make a new link to choose a password", person, about)


@pages.route(f"{PERSON}/disable", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def disable_user(number: int) -> ResponseReturnValue:
    person, form = user_or_404(number), ConfirmForm("Disable the account", look="warning")
    if carried_out(form, lambda: services.disable_user(person, by=signed_in())):
        return back_to(person, f"{person.name} has no access any more. They have been signed out everywhere.")
    about = (
        "They are signed out everywhere, at once, and cannot sign in. What they recorded stays, and so do their roles."
    )
    return asked(form, "Disable the account", person, about)


@pages.route(f"{PERSON}/enable", methods=["GET", "POST"])
@requires(Action.MANAGE_USERS)
def enable_user(number: int) -> ResponseReturnValue:
    person, form = user_or_404(number), ConfirmForm("Enable the account")
    if carried_out(form, lambda: services.enable_user(person, by=signed_in())):
        return back_to(person, f"{person.name} may sign in again, with the password they had.")
    return asked(form, "Enable the account", person, "They may sign in again, in the roles they had.")


def with_link(person: User, token: str, heading: str) -> ResponseReturnValue:
    """The one page that shows a link, or says that none is needed."""
    address = f"{current_app.config['SITE_URL']}{url_for('sign_in.set_password', token=token)}" if token else ""
    return render_template("admin/link.html", person=person, heading=heading, address=address, once=ONCE)


def back_to(person: User, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for(".user", number=person.id))


def asked(form: object, heading: str, person: User, about: str = "") -> ResponseReturnValue:
    """A form about one person."""
    back = url_for(".user", number=person.id)
    return render_template("admin/ask.html", form=form, heading=heading, caption=person.name, about=about, back=back)

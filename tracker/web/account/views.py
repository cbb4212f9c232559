"""What each person settles for themselves: reminders, days away, their calendar."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.reminder_choices import Sending
from tracker.queries.calendar_feeds import current_feed
from tracker.queries.reminder_choices import chosen_by, find_time_away, possible_deputies, times_away
from tracker.services.calendar_feeds import create_calendar_link, revoke_calendar_link
from tracker.services.reminder_choices import add_time_away, choose_reminders, remove_time_away
from tracker.web.access import requires, signed_in
from tracker.web.account.forms import RemindersForm, TimeAwayForm
from tracker.web.frame import ROLE_WORDS

pages = Blueprint("account", __name__, url_prefix="/account")


@pages.route("")
@requires()
def show() -> ResponseReturnValue:
    """Who they are here, and what they have settled."""
    viewer = signed_in()
    return render_template(
        "account/show.html",
        viewer=viewer,
        roles=[f"{ROLE_WORDS[held.role].capitalize()}, {held.partnership.name}" for held in viewer.memberships],
        chosen=chosen_by(viewer),
        times_away=times_away(viewer, clock.today()),
        feed=current_feed(viewer),
    )


@pages.route("/reminders", methods=["GET", "POST"])
@requires()
def reminders() -> ResponseReturnValue:
    """How reminders come, and who stands in."""
    viewer = signed_in()
    deputies = {str(colleague.id): colleague for colleague in possible_deputies(viewer)}
    form = RemindersForm.for_choice(chosen_by(viewer), list(deputies.values()))
    if form.validate_on_submit():
        sending, deputy = Sending(form.sending.data), deputies.get(form.deputy.data)
        choose_reminders(viewer, by=viewer, sending=sending, deputy=deputy)
        flash("Your choice has been saved.")
        return redirect(url_for(".show"))
    return render_template("account/reminders.html", form=form)


@pages.route("/away", methods=["GET", "POST"])
@requires()
def away() -> ResponseReturnValue:
    """The days on which somebody else gets the reminders."""
    viewer, form = signed_in(), TimeAwayForm()
    if form.validate_on_submit():
        try:
            add_time_away(viewer, by=viewer, first_on=form.first_on.data, last_on=form.last_on.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your days away have been saved.")
            return redirect(url_for(".away"))
    times, chosen = times_away(viewer, clock.today()), chosen_by(viewer)
    return render_template("account/away.html", form=form, times_away=times, chosen=chosen)


@pages.route("/away/<int(max=2147483647):number>/remove", methods=["POST"])
@requires()
def remove_away(number: int) -> ResponseReturnValue:
    """Takes days away back."""
    time_away = find_time_away(signed_in(), number)
    if time_away is None:
        raise NotFound
    remove_time_away(time_away, by=signed_in())
    flash("The days have been taken back.")
    return redirect(url_for(".away"))


@pages.route("/calendar", methods=["GET", "POST"])
@requires()
def calendar() -> ResponseReturnValue:
    """Makes a calendar link, shown once, or ends the one there is."""
    viewer, wanted = signed_in(), request.form.get("link")
    if wanted == "new":
        token = create_calendar_link(viewer, by=viewer)
        address = f"{current_app.config['SITE_URL']}{url_for('calendar.own', token=token)}"
        return render_template("account/calendar_link.html", address=address)
    if wanted == "none":
        revoke_calendar_link(viewer, by=viewer)
        flash("Your calendar link no longer works.")
        return redirect(url_for(".calendar"))
    return render_template("account/calendar.html", feed=current_feed(viewer))

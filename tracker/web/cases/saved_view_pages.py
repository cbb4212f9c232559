"""Giving a list of cases a name, and taking it away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refused
from tracker.policy import Action, partnerships_where
from tracker.queries.partnerships import partnerships_numbered
from tracker.queries.saved_views import own_view, saved_views
from tracker.services.saved_views import LONGEST_NAME, delete_view, save_view
from tracker.web.access import requires, signed_in
from tracker.web.cases import pages
from tracker.web.cases.addresses import ask_again, filters_in_words, list_href, parameters_of
from tracker.web.cases.forms import FilterForm
from tracker.web.forms import Choice, Form, Radios, Submit, TextField


class SavedViewForm(Form):
    """What to call a list, and who is offered it."""

    name = TextField(
        "What do you want to call this list?",
        hint="For example, With the Home Office. No names of people.",
        required="Enter a name for this list",
        limit=LONGEST_NAME,
        width=30,
    )
    shared = Radios("Who may use it?", required="Select who may use it")
    save = Submit("Save this list")


class DeleteForm(Form):
    """Asks whether to delete."""

    save = Submit("Delete this list", look="warning")


@pages.route("/views", methods=["GET", "POST"])
@requires(Action.READ_CASE)
def save_list() -> ResponseReturnValue:
    """Asks for the name of the list that the address asks for; and shows one's own, each to be deleted."""
    viewer = signed_in()
    filters = FilterForm.for_viewer(viewer)
    if filters.problems():
        return ask_again()
    partnerships = {str(each.id): each for each in partnerships_numbered(partnerships_where(viewer, Action.READ_CASE))}
    form = SavedViewForm(shared="only me")
    everybody = [Choice(key, f"Everybody who reads cases at {each.name}") for key, each in partnerships.items()]
    form.shared.choices = [Choice("only me", "Only me"), *everybody]
    wanted = filters.wanted()
    asked = parameters_of(wanted)
    if form.validate_on_submit():
        try:
            view = save_view(form.name.data, by=viewer, filters=asked, shared_with=partnerships.get(form.shared.data))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(f"The list “{view.name}” is saved.")
            return redirect(list_href(view.filters))
    return render_template(
        "cases/saved_views.html",
        form=form,
        filters=[words for words, _ in filters_in_words(filters, wanted)],
        own=[view for view in saved_views(viewer) if view.owner_id == viewer.id],
        back=list_href(asked),
    )


@pages.route("/views/<int(max=2147483647):number>/delete", methods=["GET", "POST"])
@requires(Action.READ_CASE)
def delete_list(number: int) -> ResponseReturnValue:
    """Asks whether to delete one of one's own lists, and deletes it."""
    viewer = signed_in()
    view = own_view(viewer, number)
    if view is None:
        raise NotFound
    form = DeleteForm()
    if form.validate_on_submit():
        name = view.name
        delete_view(view, by=viewer)
        flash(f"The list “{name}” is deleted. The cases in it are as they were.")
        return redirect(url_for("cases.index"))
    return render_template("cases/delete_view.html", form=form, view=view, href=list_href(view.filters))

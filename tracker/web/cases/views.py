"""The list of cases. The pages of one case are in case_views.py."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.policy import Action
from tracker.queries.cases import cases_page, duties_in_force, visible_reference
from tracker.queries.deadlines import open_deadlines
from tracker.queries.saved_views import saved_views
from tracker.web.access import requires, signed_in
from tracker.web.cases import access_views, case_views, pages, register_pages, saved_view_pages
from tracker.web.cases.forms import FilterForm, as_reference
from tracker.web.cases.listing import Listing

__all__ = ["access_views", "case_views", "pages", "register_pages", "saved_view_pages"]


@pages.route("")
@requires(Action.READ_CASE)
def index() -> ResponseReturnValue:
    """The cases that the filters in the address let through; a whole reference goes straight to its case."""
    viewer, today = signed_in(), clock.today()
    form = FilterForm.for_viewer(viewer)
    if found := visible_reference(viewer, as_reference(form.reference.data or "")) if form.reference.data else None:
        return redirect(url_for("cases.show", reference=found))
    page = cases_page(viewer, form.wanted(), today)
    deadlines, duties = open_deadlines(page.cases), duties_in_force(page.cases, today)
    listing = Listing(viewer, form, page, deadlines, duties, today, saved_views(viewer))
    return render_template("cases/list.html", form=form, listing=listing)

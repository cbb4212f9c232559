"""How the pages look: chosen, shown as every page will be, and applied."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.branding import proposed_branding
from tracker.services.branding import apply_branding, propose_branding
from tracker.services.colours import ratio_words
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.branding_forms import BrandingForm
from tracker.web.admin.forms import ConfirmForm, carried_out
from tracker.web.admin.scope import scope
from tracker.web.limits import takes_files


@pages.route("/branding", methods=["GET", "POST"])
@takes_files
@requires(Action.MANAGE_PARTNERSHIP)
def branding() -> ResponseReturnValue:
    """Asks for the name, the colour and the logo, and then shows them before they apply."""
    here, by = scope(), signed_in()
    form = BrandingForm.about(here.partnership)
    if carried_out(form, lambda: propose_branding(here.partnership, by=by, **form.look())):
        return redirect(here.href(".preview_branding"))
    return render_template("admin/branding.html", form=form, here=here)


@pages.route("/branding/preview", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def preview_branding() -> ResponseReturnValue:
    """Itself a page that looks as every page will, with a button that has them do so."""
    here, by = scope(), signed_in()
    form = ConfirmForm("Apply it to every page")
    proposed = proposed_branding(here.partnership)
    if proposed is None:
        raise NotFound
    version = request.form.get("look", "")
    if carried_out(form, lambda: apply_branding(here.partnership, by=by, version=version)):
        flash("Every page looks like this now.")
        return redirect(here.href(".branding"))
    return render_template(
        "admin/branding_preview.html", form=form, here=here, branding=proposed, partnership_name=proposed.name,
        ratio=ratio_words(proposed.colour),
    )  # fmt: skip

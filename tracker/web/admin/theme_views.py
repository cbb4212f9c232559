"""The list of themes that findings are sorted by."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound
from tracker.models.themes import Theme
from tracker.policy import Action
from tracker.queries.themes import managed_theme, themes_of
from tracker.services import themes as services
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.forms import ConfirmForm, ThemeForm, carried_out
from tracker.web.admin.scope import scope

THEME = "/themes/<int(max=2147483647):number>"


@pages.route("/themes")
@requires(Action.MANAGE_PARTNERSHIP)
def themes() -> ResponseReturnValue:
    """Those that are offered, and apart from them those that are retired."""
    here = scope()
    return render_template("admin/themes.html", here=here, themes=themes_of([here.partnership.id]))


@pages.route("/themes/add", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def add_theme() -> ResponseReturnValue:
    here, form = scope(), ThemeForm()
    if carried_out(form, lambda: services.add_theme(here.partnership, by=signed_in(), name=form.name.data)):
        return told(f"{form.name.data} can be chosen for findings now.", here.href(".themes"))
    return asked(form, "Add a theme", here.note, back=here.href(".themes"))


@pages.route(f"{THEME}/rename", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def rename_theme(number: int) -> ResponseReturnValue:
    theme = theme_or_404(number)
    form, old = ThemeForm(name=theme.name), theme.name
    if carried_out(form, lambda: services.rename_theme(theme, by=signed_in(), was=old, name=form.name.data)):
        return told(f"{old} is called {theme.name} now.", list_of(theme))
    about = (
        "Every finding that has this theme shows it under the new name."
        " Where you mean something else, retire this theme and add another."
    )
    return asked(form, "Rename the theme", old, about, list_of(theme))


@pages.route(f"{THEME}/retire", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def retire_theme(number: int) -> ResponseReturnValue:
    theme, form = theme_or_404(number), ConfirmForm("Retire the theme", look="warning")
    if carried_out(form, lambda: services.retire_theme(theme, by=signed_in())):
        return told(f"{theme.name} is not offered any more.", list_of(theme))
    about = "It is not offered for new findings any more. Findings that have it keep it, and it stays under Learning."
    return asked(form, "Retire the theme", theme.name, about, list_of(theme))


@pages.route(f"{THEME}/bring-back", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def bring_back_theme(number: int) -> ResponseReturnValue:
    theme, form = theme_or_404(number), ConfirmForm("Bring it back")
    if carried_out(form, lambda: services.bring_back_theme(theme, by=signed_in())):
        return told(f"{theme.name} can be chosen again.", list_of(theme))
    return asked(form, "Bring the theme back", theme.name, "It is offered for new findings again.", list_of(theme))


def theme_or_404(number: int) -> Theme:
    theme = managed_theme(signed_in(), number)
    if theme is None:
        raise NotFound
    return theme


def list_of(theme: Theme) -> str:
    return url_for(".themes", partnership=theme.partnership.key)


def told(message: str, address: str) -> ResponseReturnValue:
    """Back to the list, which says what was done."""
    flash(message)
    return redirect(address)


def asked(form: object, heading: str, caption: str, about: str = "", back: str = "") -> ResponseReturnValue:
    """A form about one theme."""
    return render_template("admin/ask.html", form=form, heading=heading, caption=caption, about=about, back=back)

"""What a partnership settles itself: what holds, what comes, and what a change would move before it applies."""

from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.partnerships import standing
from tracker.policy import Action
from tracker.procedures import CASE_TYPES, editions_of
from tracker.queries.partnerships import setting_history
from tracker.queries.settings import settings_preview
from tracker.services import settings as services
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.forms import ConfirmForm, carried_out
from tracker.web.admin.scope import scope
from tracker.web.admin.setting_forms import titles
from tracker.web.case_words import holder_words
from tracker.web.filters import day


def in_words(value: object) -> str:
    """A choice as a reader sees it."""
    match value:
        case None:
            return "Withdrawn"
        case bool():
            return "Yes" if value else "No"
        case {"length": length, "unit": unit}:
            return f"{length} {str(unit).replace('_', ' ')}"
        case dict():
            return ", ".join(str(part) for part in value.values() if part)
    return str(value)


# What holds where no deadline of an edition says it; "No" for the rest.
USUAL = {"complaints_needed": "3", "contact": "Nobody is named"}


def usual(key: str) -> str:
    """What holds where nothing was settled."""
    kind, _, name = key.partition(".")
    found = [rule for edition in editions_of(kind) if (rule := edition.deadline(name))] if kind in CASE_TYPES else []
    return found[0].period.words() if found else USUAL.get(name, "No")


@pages.route("/settings")
@requires(Action.MANAGE_PARTNERSHIP)
def settings() -> ResponseReturnValue:
    """Each setting: what holds today, and what comes later."""
    here, today = scope(), clock.today()
    rows = standing(setting_history(here.partnership.id))
    shown = [(key, title, usual(key), [row for row in rows if row.key == key]) for key, (title, _) in titles().items()]
    return render_template("admin/settings.html", here=here, shown=shown, today=today, in_words=in_words)


@pages.route("/settings/history")
@requires(Action.MANAGE_PARTNERSHIP)
def settings_history() -> ResponseReturnValue:
    """Every choice that was ever made, the latest recorded first."""
    here, called = scope(), {key: title for key, (title, _) in titles().items()}
    rows = sorted(setting_history(here.partnership.id), key=lambda row: (row.recorded_at, row.id), reverse=True)
    return render_template("admin/settings_history.html", here=here, rows=rows, called=called, in_words=in_words)


@pages.route("/settings/<key>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def change_setting(key: str) -> ResponseReturnValue:
    """Asks for the choice, shows what it would move, and then applies it."""
    here, known = scope(), titles()
    if key not in known:
        raise NotFound
    title, kind = known[key]
    form = kind()
    if form.validate_on_submit():
        try:
            if "apply" in request.form:
                services.change_setting(
                    here.partnership, by=signed_in(), key=key, value=form.value(), takes_effect_on=form.on.data
                )
                flash(f"{title}: {in_words(form.value())}, from {day(form.on.data)}.")
                return redirect(here.href(".settings"))
            preview = settings_preview(signed_in(), here.partnership, key, form.value(), form.on.data)
        except Refused as refusal:
            form.refuse(Refused(refusal.message, "on" if refusal.field == "takes_effect_on" else refusal.field))
        else:
            sent = [pair for pair in request.form.items(multi=True) if pair[0] != "save"]
            return render_template(
                "admin/setting_preview.html", form=form, title=title, value=in_words(form.value()),
                preview=preview, sent=sent, here=here, key=key, holder_words=holder_words,
            )  # fmt: skip
    rows = [row for row in standing(setting_history(here.partnership.id)) if row.key == key]
    now = [in_words(row.choice) for row in rows if row.takes_effect_on <= clock.today()] or [f"{usual(key)} (usual)"]
    about = f"Now: {now[-1]}. This keeps its dates until the day below. You see what would move before it applies."
    return render_template(
        "admin/ask.html", form=form, heading=title, caption=here.note, about=about, back=here.href(".settings")
    )


@pages.route("/settings/<key>/withdraw/<on>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def withdraw_setting(key: str, on: str) -> ResponseReturnValue:
    """Takes back what was chosen for a later day."""
    here, known = scope(), titles()
    try:
        since = date.fromisoformat(on)
    except ValueError:
        raise NotFound from None
    if key not in known:
        raise NotFound
    form = ConfirmForm("Withdraw it", look="warning")
    if carried_out(
        form, lambda: services.withdraw_setting(here.partnership, by=signed_in(), key=key, takes_effect_on=since)
    ):
        flash(f"{known[key][0]}: what was chosen from {day(since)} has been withdrawn.")
        return redirect(here.href(".settings"))
    about = f"What was chosen from {day(since)} will not apply. Both stay in the history of settings."
    return render_template(
        "admin/ask.html", form=form, heading=f"Withdraw: {known[key][0]}", about=about, back=here.href(".settings")
    )

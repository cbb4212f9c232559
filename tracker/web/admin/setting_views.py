"""What a partnership settles itself: what holds, what comes, and what a change would move before it applies."""

from dataclasses import dataclass
from datetime import date

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.partnerships import LocalSetting, in_force, standing
from tracker.policy import Action
from tracker.procedures import CASE_TYPES
from tracker.queries.partnerships import setting_history, settings_on
from tracker.queries.settings import settings_preview
from tracker.services import settings as services
from tracker.web.access import requires, signed_in
from tracker.web.admin import pages
from tracker.web.admin.forms import ConfirmForm, carried_out
from tracker.web.admin.offered import offered
from tracker.web.admin.scope import scope
from tracker.web.admin.setting_words import in_words, usual
from tracker.web.case_words import holder_words
from tracker.web.filters import day
from tracker.web.review_names import titled


@dataclass(frozen=True, slots=True)
class Shown:
    """A setting on the list. `since`: the day of the latest choice that holds; None where it is as usual."""

    key: str
    title: str
    now: str
    since: date | None
    later: list[LocalSetting]


def shown(key: str, title: str, rows: list[LocalSetting]) -> Shown:
    """What holds of one setting today, and what comes."""
    today = clock.today()
    own = [row for row in rows if row.key == key]
    began = [row.takes_effect_on for row in own if row.takes_effect_on <= today]
    held = in_force(own, today)
    now = in_words(key, held[key]) if key in held else usual(key)
    return Shown(key, title, now, began[-1] if began else None, [row for row in own if row.takes_effect_on > today])


@pages.route("/settings")
@requires(Action.MANAGE_PARTNERSHIP)
def settings() -> ResponseReturnValue:
    """Each setting by kind of review: what holds today, and what comes later."""
    here = scope()
    rows = standing(setting_history(here.partnership.id))
    groups: dict[str, list[Shown]] = {}
    for key, each in offered().items():
        groups.setdefault(each.kind, []).append(shown(key, each.title, rows))
    names = {kind: titled(kind, here.partnership.id) for kind in CASE_TYPES}
    return render_template("admin/settings.html", here=here, groups=groups, names=names, in_words=in_words)


@pages.route("/settings/history")
@requires(Action.MANAGE_PARTNERSHIP)
def settings_history() -> ResponseReturnValue:
    """Every choice that was ever made, the latest recorded first."""
    here, known = scope(), offered()
    called = {key: caption(each.kind, here.partnership.id, each.title) for key, each in known.items()}
    rows = sorted(setting_history(here.partnership.id), key=lambda row: (row.recorded_at, row.id), reverse=True)
    return render_template("admin/settings_history.html", here=here, rows=rows, called=called, in_words=in_words)


def caption(kind: str, partnership_id: int, *more: str) -> str:
    """What a setting is about: the kind of review, where it is of one."""
    return ": ".join([*([titled(kind, partnership_id)] if kind else []), *filter(None, more)])


@pages.route("/settings/<key>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def change_setting(key: str) -> ResponseReturnValue:
    """Asks for the choice from what holds, shows what it would move, and then applies it."""
    here, known = scope(), offered()
    if key not in known:
        raise NotFound
    title, kind = known[key].title, known[key].kind
    about = caption(kind, here.partnership.id, here.note)
    form = known[key].form.holding(key, settings_on(here.partnership.id, clock.today()).get(key))
    if "change" not in request.form and form.validate_on_submit():
        try:
            if "apply" in request.form:
                services.change_setting(
                    here.partnership, by=signed_in(), key=key, value=form.value(), takes_effect_on=form.on.data
                )
                flash(f"{title}: {in_words(key, form.value())}, from {day(form.on.data)}.")
                return redirect(here.href(".settings"))
            preview = settings_preview(signed_in(), here.partnership, key, form.value(), form.on.data)
        except Refused as refusal:
            form.refuse(Refused(refusal.message, "on" if refusal.field == "takes_effect_on" else refusal.field))
        else:
            sent = [pair for pair in request.form.items(multi=True) if pair[0] != "save"]
            return render_template(
                "admin/setting_preview.html", form=form, title=title, value=in_words(key, form.value()),
                preview=preview, sent=sent, here=here, about=about, holder_words=holder_words,
            )  # fmt: skip
    return render_template(
        form.template, form=form, heading=title, caption=about, about=form.about, back=here.href(".settings")
    )


@pages.route("/settings/<key>/withdraw/<on>", methods=["GET", "POST"])
@requires(Action.MANAGE_PARTNERSHIP)
def withdraw_setting(key: str, on: str) -> ResponseReturnValue:
    """Takes back what was chosen for a later day."""
    here, known = scope(), offered()
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
        flash(f"{known[key].title}: what was chosen from {day(since)} has been withdrawn.")
        return redirect(here.href(".settings"))
    about = f"What was chosen from {day(since)} will not apply. Both stay in the history of settings."
    return render_template(
        "admin/ask.html", form=form, heading=f"Withdraw: {known[key].title}", about=about, back=here.href(".settings")
    )

"""Whether the tracker is in order: for a monitor that asks often, and for administrators."""

from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound
from tracker.policy import Action
from tracker.queries.health import Health, health
from tracker.queries.mail_files import find_mail, mail_folder, newest_mail
from tracker.web.access import public, requires

pages = Blueprint("health", __name__)

FRESH = timedelta(seconds=15)  # whoever asks more often is told the same again


@pages.route("/health")
@public
def show() -> ResponseReturnValue:
    """For a monitor: 200 where all is well, else 503. Open to everybody, so it costs next to nothing to ask."""
    found = recent_health()
    return jsonify(found.as_json()), 200 if found.passed else 503


@pages.route("/admin/health")
@requires(Action.MANAGE_PARTNERSHIP)
def details() -> ResponseReturnValue:
    """What is in order and what is not, and what to do about it."""
    return render_template("health/details.html", health=health(), is_trial=bool(trial_folder()))


@pages.route("/admin/mail")
@requires(Action.MANAGE_PARTNERSHIP)
def mail() -> ResponseReturnValue:
    """The messages of a trial installation, which writes them to files."""
    folder = trial_folder()
    return render_template("health/mail.html", is_trial=bool(folder), messages=newest_mail(folder) if folder else [])


@pages.route("/admin/mail/<name>")
@requires(Action.MANAGE_PARTNERSHIP)
def message(name: str) -> ResponseReturnValue:
    """One of them, in words."""
    folder = trial_folder()
    found = find_mail(folder, name) if folder else None
    if found is None:
        raise NotFound
    return render_template("health/message.html", message=found)


def trial_folder() -> Path | None:
    """Where a trial's messages are. None in production: there they are for those whom they were written to."""
    return None if current_app.config["PRODUCTION"] else mail_folder(current_app.config["MAIL_URL"])


def recent_health() -> Health:
    """How everything was in the last few seconds, in this process."""
    kept: tuple[datetime, Health] | None = current_app.extensions.get("health")
    if kept is None or not timedelta() <= clock.now() - kept[0] < FRESH:
        kept = current_app.extensions["health"] = (clock.now(), health())
    return kept[1]

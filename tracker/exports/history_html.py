"""A case's history as a web page, the accessible record: in the tracker, and as a file that stands by itself."""

from pathlib import Path

from flask import current_app

from tracker.exports.words import about_corrections, about_entries, about_source, both_tests, cover
from tracker.queries.history_parts import MARKING, History


def as_html(history: History) -> str:
    """The record as one file: its style within, no script, nothing fetched from anywhere."""
    style = Path(current_app.static_folder or "", "record.css").read_text("utf-8")
    return current_app.jinja_env.get_template("exports/file.html").render(record_style=style, **record(history))


def record(history: History) -> dict[str, object]:
    """What the templates show."""
    return {
        "history": history,
        "marking": MARKING,
        "cover": cover(history),
        "corrections": about_corrections(history),
        "tests": both_tests(history),
        "entries": about_entries(history),
        "about_source": about_source,
    }

"""The pages that say what went wrong, in words that help, with the right status."""

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import TemplateNotFound
from werkzeug.exceptions import BadHost, HTTPException, InternalServerError

from tracker.errors import NotFound, NotPermitted, Refused, Stale
from tracker.extensions import SAFE_METHODS, answers_saved, db

STATUS: dict[type[Exception], int] = {NotFound: 404, NotPermitted: 403, Stale: 409, Refused: 422}

# Shown when even the page about the failure fails, so it asks nothing of the database or of the other templates.
LAST_RESORT = """<!DOCTYPE html>
<html lang="en-GB">
<head><meta charset="utf-8"><title>Sorry, there is a problem – Case review tracker</title></head>
<body><main><h1>Sorry, there is a problem</h1><p>{said}</p>
<p>Try again later. If you report this, quote {reference}.</p></main></body>
</html>
"""


def http_problem(problem: HTTPException) -> ResponseReturnValue:
    """The page for what the web framework refused: a page that does not exist, a request too large."""
    if problem.response is not None:
        return problem
    code = problem.code or 500
    if isinstance(problem, BadHost):  # without the name of the site no page can be drawn: all have links
        said = "The address of the site was not understood. Nothing has been saved."
        return LAST_RESORT.format(said=said, reference=g.get("request_id", "unknown")), code
    headers = [(name, text) for name, text in problem.get_headers() if name.lower() not in {"content-type"}]
    return page(code, problem.description or ""), code, headers


def refusal(problem: Exception) -> ResponseReturnValue:
    """The page for what the application refused, where no form could show it."""
    code = next(status for kind, status in STATUS.items() if isinstance(problem, kind))
    return page(code, str(problem)), code


def page(code: int, message: str) -> str:
    """The page of templates/errors/ for this status, or the general one."""
    try:
        return render_template(f"errors/{code}.html", message=message)
    except TemplateNotFound:
        return render_template("errors/problem.html", message=message)


def failure(problem: InternalServerError) -> ResponseReturnValue:
    """The page for a fault of ours. It says whether the answers were kept and gives a reference to find it by."""
    reference = g.get("request_id", "unknown")
    current_app.logger.error("Reference %s: %s %s failed", reference, request.method, request.path)
    saved = "" if request.method in SAFE_METHODS else "saved" if answers_saved() else "not saved"
    try:
        db.session.rollback()
        return render_template("errors/500.html", reference=reference, saved=saved), 500
    except Exception:
        current_app.logger.exception("Reference %s: the page about it failed too", reference)
        said = f"Your answers were {saved}." if saved else ""
        return LAST_RESORT.format(said=said, reference=reference), 500


def register(app: Flask) -> None:
    """Gives every kind of refusal and failure its page."""
    app.register_error_handler(HTTPException, http_problem)
    app.register_error_handler(500, failure)
    for kind in STATUS:
        app.register_error_handler(kind, refusal)

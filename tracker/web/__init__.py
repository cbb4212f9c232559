"""The pages. A folder here with a views.py is an area, and its `pages` blueprint is part of the site."""

import importlib
import importlib.util
import pkgutil

from flask import Flask

from tracker.web import access, assets, care, filters, frame, headers, limits, problems, review_names


def register(app: Flask) -> None:
    """Adds what every page has, the pages that say what went wrong, and then the pages of every area."""
    for part in (limits, headers, assets, frame, care, review_names, filters, problems, access):
        part.register(app)
    for name in areas():
        app.register_blueprint(importlib.import_module(f"{__name__}.{name}.views").pages)


def areas() -> list[str]:
    """The folders beside this file that hold pages."""
    return [
        area.name
        for area in pkgutil.iter_modules(__path__)
        if area.ispkg and importlib.util.find_spec(f"{__name__}.{area.name}.views")
    ]

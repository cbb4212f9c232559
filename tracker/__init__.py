"""The case review tracker: `create_app` puts its parts together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config) -> Flask:
    """The application with these settings, ready to serve, to run commands and to be tested."""
    # Imported here, so that tracker.procedures can be had without Flask or a database.
    from tracker.application import assemble  # noqa: PLC0415

    return assemble(config)

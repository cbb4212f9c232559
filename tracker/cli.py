"""The operator's commands, each a thin door to a use-case or a query."""

import importlib
import pkgutil

from flask import Flask

from tracker import commands


def register(app: Flask) -> None:
    """Adds the commands of every module in tracker/commands to `flask`."""
    for module in pkgutil.iter_modules(commands.__path__):
        for command in getattr(importlib.import_module(f"{commands.__name__}.{module.name}"), "commands", ()):
            app.cli.add_command(command)

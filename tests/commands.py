"""Commands as an operator gives them, and what they answer."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask


class Answer(NamedTuple):
    """What a command said and how it ended."""

    code: int
    out: str
    said: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(app: Flask, *arguments: object, given: str = "") -> Answer:
    """`flask *arguments*` with *given* on standard input. A traceback fails the test."""
    result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments], input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def case_file(path: Path, *cases: object) -> Path:
    """The file *path* with one case, or a list of them, in JSON."""
    path.write_text(json.dumps(cases[0] if len(cases) == 1 else cases), "utf-8")
    return path

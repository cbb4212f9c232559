"""Unit tests stay light: what they may not import, they cannot."""

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    "name", ["flask", "sqlalchemy", "tracker.extensions", "tracker.models.users", "reportlab.pdfgen"]
)
def test_a_heavy_import_fails(name: str) -> None:
    with pytest.raises(ImportError, match="a unit test may not import"):
        exec(f"import {name}")  # noqa: S102
    package, _, part = name.rpartition(".")
    if package:
        with pytest.raises(ImportError, match="a unit test may not import"):
            exec(f"from {package} import {part}")  # noqa: S102


def test_a_heavy_import_further_down_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name == "config"]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(ImportError, match="a unit test may not import sqlalchemy"):
        importlib.import_module("config")


def test_the_procedures_are_light() -> None:
    import tracker.procedures  # noqa: PLC0415

    assert tracker.procedures.__name__

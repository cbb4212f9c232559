"""What happens where a machine lacks what the tests need."""

from pathlib import Path

import pytest

from tests import machine


def test_what_is_missing_is_skipped_unless_everything_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "REQUIRED", False)
    with pytest.raises(pytest.skip.Exception, match="Chromium is missing"):
        machine.lacking("Chromium")
    monkeypatch.setattr(machine, "REQUIRED", True)
    with pytest.raises(pytest.fail.Exception, match="Chromium is missing, and REQUIRE_ALL=1"):
        machine.lacking("Chromium")


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.setattr(machine, "CHROMIUM", tmp_path / "chromium")
    monkeypatch.setattr(machine, "postgresql_programs", lambda: tmp_path)
    assert [lack.split(" ")[0] for lack in machine.missing()] == ["PostgreSQL", "Chromium"]
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://127.0.0.1/postgres")
    (tmp_path / "chromium").touch()
    assert machine.missing() == []

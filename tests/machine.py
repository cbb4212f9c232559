"""What this machine has of what the tests need besides Python, and what to do where it has not."""

import os
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

CHROMIUM = Path("/usr/bin/chromium")
REQUIRED = os.environ.get("REQUIRE_ALL") == "1"


@cache
def postgresql_programs() -> Path:
    """The folder of the newest PostgreSQL server's programs; one that is not there where there is none."""
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: float(path.parent.name), default=Path("/nowhere"))


def missing() -> list[str]:
    """What this machine lacks, each with what is not tested for want of it."""
    lacks = []
    if not os.environ.get("TEST_DATABASE_URL") and not (postgresql_programs() / "initdb").exists():
        lacks.append("PostgreSQL (Debian's postgresql, or TEST_DATABASE_URL): nothing was tested on it")
    if not CHROMIUM.exists():
        lacks.append(f"Chromium ({CHROMIUM}): no page was tested in a browser")
    return lacks


def lacking(what: str) -> NoReturn:
    """Skips the test for want of *what*, or fails it where everything is required."""
    if REQUIRED:
        pytest.fail(f"{what} is missing, and REQUIRE_ALL=1", pytrace=False)
    pytest.skip(f"{what} is missing")

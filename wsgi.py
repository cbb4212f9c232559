"""The door for a web server and for the `flask` command: `wsgi:app`."""

import sys

from config import Config, ConfigurationRefused
from tracker import create_app

try:
    app = create_app(Config())
except ConfigurationRefused as refusal:
    print(refusal, file=sys.stderr)  # noqa: T201 (there is no logger yet)
    raise SystemExit(2) from None

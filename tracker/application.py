"""Puts the application together: settings, database, pages and commands."""

import importlib
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, audit_key
from tracker import cli, web
from tracker.extensions import csrf, db, login_manager, migrate


def assemble(config: Config) -> Flask:
    """The application with these settings."""
    app = Flask("tracker", instance_path=config.INSTANCE_PATH, template_folder=str(ROOT / "templates"))
    app.config.from_object(config)
    Path(app.instance_path).mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config["AUDIT_KEY"] = audit_key(config, Path(app.instance_path))
    if hops := config.TRUSTED_PROXIES:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    importlib.import_module("tracker.models")  # every table is known before the first query
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    web.register(app)
    cli.register(app)
    return app

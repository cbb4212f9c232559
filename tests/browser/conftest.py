"""Real Chromium against the application as it is served, on a database of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import machine
from tests.browser.inspecting import expect_accessible, watch
from tests.browser.serving import serving
from tests.databases import Databases, make_app

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000  # milliseconds for anything to appear on a busy machine


@pytest.fixture
def server_app(sqlite_databases: Databases, tmp_path: Path) -> Flask:
    """The application that `server` serves: `with server_app.app_context(): make_case(...)` fills its database."""
    return make_app(sqlite_databases.copy(), tmp_path / "instance")


@pytest.fixture
def server(server_app: Flask) -> Iterator[str]:
    """The address of a running tracker with an empty database."""
    with serving(server_app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all tests."""
    if not machine.CHROMIUM.exists():
        machine.lacking("Chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(machine.CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Opens a window that knows nobody: `new_page(java_script_enabled=False, viewport={...})`.

    What the page's own scripts or policy complain of fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(**settings: object) -> Page:
        context = browser.new_context(base_url=server, locale="en-GB", timezone_id="Europe/London", **settings)  # type: ignore[arg-type]
        contexts.append(context)
        watch(context, complaints)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A window with JavaScript, 1280 by 800."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def page_without_javascript(new_page: Callable[..., Page]) -> Page:
    """A window without JavaScript."""
    return new_page(viewport={"width": 1280, "height": 800}, java_script_enabled=False)


@pytest.fixture
def small_page(new_page: Callable[..., Page]) -> Page:
    """A window 320 CSS pixels wide, the narrowest that nothing may overflow."""
    return new_page(viewport={"width": 320, "height": 640})


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """`accessible(page)` fails where axe finds anything on the page as it stands. Not for pages without JavaScript."""
    axe = Axe()
    return lambda page: expect_accessible(page, axe)

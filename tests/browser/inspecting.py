"""What every page is held to: no fault found by axe, nothing cut off, errors that lead to their answer."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

NARROWEST = 320  # CSS pixels: what a page is wide on a screen of 1280 at four times the size

REPORT_REFUSALS = """document.addEventListener(
    "securitypolicyviolation", refused => console.error(`The policy refused ${refused.blockedURI}`)
)"""
LOST_LINKS = """links => links.map(link => link.getAttribute("href")).filter(
    target => !document.getElementById(target.slice(1))?.matches("input, select, textarea")
)"""


def watch(context: BrowserContext, complaints: list[str]) -> None:
    """Keeps what the browser complains of from now on: its pages' errors, and what their policy refused."""

    def listen(message: ConsoleMessage) -> None:
        # The browser reports a refused form or a missing page as an error too; that is what some tests are about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(f"{message.location['url']}: {message.text}")

    context.on("console", listen)
    context.on("weberror", lambda found: complaints.append(str(found.error)))
    context.add_init_script(REPORT_REFUSALS)


def expect_accessible(page: Page, axe: Axe, *, colours: bool = True) -> None:
    """Fails where axe finds anything on the page as it stands. Not for pages without JavaScript.

    *colours*: also the contrast of every word, which takes most of the time.
    """
    found = axe.run(page, options={"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def width_of(page: Page) -> int:
    """How wide the page is in CSS pixels, what one would have to scroll to included, once it is all there."""
    page.wait_for_load_state()  # a page just come to has no element to measure yet
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide


def expect_to_fit(page: Page) -> None:
    """Fails where the narrowest screen would have to scroll sideways. Leaves the page as wide as it was."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    wide = width_of(page)
    page.set_viewport_size(size)
    assert wide == NARROWEST, f"{page.url} is {wide} pixels wide on a screen of {NARROWEST}"


def expect_errors(page: Page) -> None:
    """Fails unless the page says that there is a problem, first of all, with links that each land on an input."""
    summary = page.locator(".govuk-error-summary")
    expect(summary, page.url).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    links = summary.get_by_role("link")
    assert links.count(), f"{page.url}: no link in the error summary"
    assert links.evaluate_all(LOST_LINKS) == [], page.url

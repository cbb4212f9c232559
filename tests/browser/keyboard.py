"""Somebody without a mouse, who sees at every stop where they are."""

import re

from playwright.sync_api import Page, expect

MOST_STOPS = 60  # of one page, far more than any needs

# What has the focus: its name as it is read out, and whether that can be seen. GOV.UK draws a radio's beside the input.
FOCUSED = """() => {
    const at = document.activeElement
    const labels = [...(at.labels || [])].map(label => label.textContent.trim())
    const drawn = at.type === "radio" ? getComputedStyle(at.nextElementSibling, "::before") : getComputedStyle(at)
    const outlined = drawn.outlineStyle !== "none" && parseFloat(drawn.outlineWidth) > 0
    const seen = (outlined && drawn.outlineColor !== "rgba(0, 0, 0, 0)") || drawn.boxShadow !== "none"
    return [labels.join(" ") || at.textContent.trim(), seen]
}"""


class Keyboard:
    """Somebody without a mouse. `pressed`: how often they pressed Enter or Space, which is how they click."""

    def __init__(self, page: Page, pace: float = 0) -> None:
        """*pace*: milliseconds a key that is typed."""
        self.page, self.pace, self.pressed = page, pace, 0

    def go_to(self, name: str | re.Pattern[str]) -> None:
        """Moves on from stop to stop until the one called *name*. Every stop must be seen."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            here, seen = self.page.evaluate(FOCUSED)
            assert seen, f"“{here}” has the focus, and does not show it"
            plain = re.sub(r"\s+", " ", here)
            if plain == name or (isinstance(name, re.Pattern) and name.search(plain)):
                return
        raise AssertionError(f"“{name}” is not reached by keyboard")

    def type(self, name: str | re.Pattern[str], text: str) -> None:
        self.go_to(name)
        self.page.keyboard.type(text, delay=self.pace)

    def choose(self, name: str, *, down: int = 0) -> None:
        """Chooses the radio or checkbox *name*, or of its radios that many further down."""
        self.go_to(name)
        self.page.keyboard.press("Space")
        for _ in range(down):
            self.page.keyboard.press("ArrowDown")
        self.pressed += 1 + down

    def press(self, name: str, title: str) -> None:
        """Presses the button or follows the link *name*, to the page of that title."""
        self.go_to(name)
        self.page.keyboard.press("Enter")
        self.pressed += 1
        expect(self.page).to_have_title(re.compile(title))

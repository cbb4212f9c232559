"""The main tasks of a day, done as somebody does them who has never been shown how, within the time they should take.

A person reads a page for PAGE seconds before anything happens on it, its loading included, takes CLICK seconds for each
click and types PACE characters a second. The counts are kept here, so that a page more is a decision and no accident.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from tests.browser.pilot import Pilot, email_of, pilot
from tests.browser.walking import Answers, Walker
from tests.builders import PASSWORD
from tests.databases import Databases, make_app
from tracker.models import Role

PAGE, CLICK, PACE = 2.5, 1.5, 5
UNDECIDED, AUDITED = "DHR-2026-002", "DHR-2025-001"


class Paced(Walker):
    """Somebody whose pages, clicks and keys are counted."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.pages = self.clicks = self.keys = 0
        page.on("framenavigated", self.turn)

    def turn(self, frame: Frame) -> None:
        self.pages += frame is self.page.main_frame

    def press(self, words: str, within: Locator | None = None) -> None:
        self.clicks += 1
        super().press(words, within)

    def follow(self, words: object, within: Locator | None = None) -> None:
        self.clicks += 1
        super().follow(words, within)  # type: ignore[arg-type]

    def answer(self, answers: Answers, part: str = "") -> None:
        self.clicks += len(answers)
        self.keys += sum(len(answer) for answer in answers.values())
        super().answer(answers, part)

    def begin_again(self) -> None:
        """Counts from here, on the page that is open."""
        self.pages, self.clicks, self.keys = 1, 0, 0

    @property
    def counted(self) -> tuple[int, int]:
        """Pages and clicks."""
        return self.pages, self.clicks

    @property
    def seconds(self) -> float:
        return self.pages * PAGE + self.clicks * CLICK + self.keys / PACE


@pytest.fixture(scope="module")
def open_pilot(sqlite_databases: Databases, browser: Browser) -> Iterator[Pilot]:
    app: Flask = make_app(sqlite_databases.copy(), sqlite_databases.folder / "instance of the tasks")
    with pilot(app, browser) as opened:
        yield opened


@pytest.fixture
def somebody(open_pilot: Pilot) -> Iterator[Callable[[], Paced]]:
    """A person at a desk of their own, not signed in."""
    contexts = []

    def sit_down() -> Paced:
        contexts.append(open_pilot.browser.new_context(base_url=open_pilot.address))
        return Paced(contexts[-1].new_page())

    yield sit_down
    for context in contexts:
        context.close()


def test_a_chair_records_a_decision_in_90_seconds(somebody: Callable[[], Paced]) -> None:
    chair = somebody()
    chair.sign_in(email_of(Role.CHAIR), PASSWORD)
    chair.heading("Four cases are waiting for your decision")
    waiting = chair.page.get_by_role("listitem").filter(has_text=UNDECIDED).first
    chair.follow("Decide whether to review", waiting)
    chair.press("Decided to review")
    chair.answer(
        {
            "What are the reasons for the decision?": "A woman of 34 died by violence and a former partner is charged.",
            "Who was consulted?": "Police, council, ICB",
            "Who made the decision?": "Partnership chair",
        }
    )
    chair.press("Continue")
    chair.expect_effects("Moves the case to Review")
    chair.press("Record this")
    chair.heading("This cannot be undone")
    chair.press("Yes, record it")
    expect(chair.page.get_by_role("status")).to_contain_text(f"{UNDECIDED} is at the stage Review.")
    assert chair.counted == (7, 11)
    assert chair.seconds <= 90, chair.seconds


def test_a_manager_finds_what_is_overdue_and_why_in_20_seconds(somebody: Callable[[], Paced]) -> None:
    manager = somebody()
    manager.sign_in(email_of(Role.MANAGER), PASSWORD)
    manager.begin_again()
    first = manager.page.get_by_role("listitem").filter(has_text="days overdue").first
    manager.follow("Stocktake of learning at 12 months", first)
    manager.follow("Stocktake of learning at 12 months")
    overdue = manager.page.get_by_role("article", name="Stocktake of learning at 12 months")
    expect(overdue).to_contain_text("days overdue")
    expect(overdue).to_contain_text("Started by")
    expect(overdue).to_contain_text("Rule")
    assert manager.counted == (3, 2)
    assert manager.seconds <= 20, manager.seconds


def test_an_auditor_exports_a_history_in_30_seconds(somebody: Callable[[], Paced]) -> None:
    auditor = somebody()
    auditor.sign_in(email_of(Role.AUDITOR), PASSWORD)
    auditor.begin_again()
    auditor.keys += len(AUDITED)
    auditor.find(AUDITED)
    auditor.open("History")
    assert auditor.export("PDF", "Yearly audit").startswith(b"%PDF")
    assert auditor.counted == (4, 6)
    assert auditor.seconds <= 30, auditor.seconds

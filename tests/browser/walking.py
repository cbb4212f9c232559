"""Somebody at a browser, who finds everything by its label or its role, as it is read out."""

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.builders import PASSWORD

# Answers by the labels of their questions; a day as "31 Jan 2025".
Answers = Mapping[str, str]
DAY = re.compile(r"[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}")


class Walker:
    """A person on their way through the pages.

    `reference`, `stage`: of the case they are at, once they are; `recorded`: what they recorded on it, in that order.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.reference = ""
        self.stage = ""
        self.recorded: list[str] = []

    # -- Any page --------------------------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """From the page that a stranger gets, to the first page of this person."""
        self.page.goto("/")
        self.heading("Sign in")
        self.answer({"Email address": email, "Password": password})
        self.press("Sign in")
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def heading(self, words: str | re.Pattern[str]) -> None:
        """Waits until the page is the one with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def press(self, words: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=words, exact=True).click()

    def follow(self, words: str | re.Pattern[str], within: Locator | None = None) -> None:
        (within or self.page).get_by_role("link", name=words, exact=isinstance(words, str)).click()

    def answer(self, answers: Answers, part: str = "") -> None:
        """Answers the questions with these labels; in the part of the page that has this heading."""
        within = self.page.get_by_role("region", name=part, exact=True) if part else self.page.locator("main")
        for question, answer in answers.items():
            asked = re.compile(rf"^{re.escape(question)}( \(optional\))?$")
            choices = within.get_by_role("group", name=asked)
            if DAY.fullmatch(answer):
                for box, text in zip(("Day", "Month", "Year"), answer.split(), strict=True):
                    choices.get_by_label(box, exact=True).fill(text)
            elif choices.count():
                choices.get_by_label(answer, exact=True).check()
            elif within.get_by_role("checkbox", name=asked).count():
                within.get_by_role("checkbox", name=asked).set_checked(answer == "yes")
            elif (drawn := within.get_by_role("combobox", name=asked).and_(within.locator("select"))).count():
                drawn.select_option(label=answer)
            else:
                within.get_by_label(asked).fill(answer)

    # -- A case ----------------------------------------------------------------------------------------------------

    def begin_referral(self, kind: str) -> None:
        """From the cases to the questions about a referral of this kind."""
        self.press("Log a referral")
        self.heading("What kind of review is it?")
        self.answer({"The kind of review": kind})
        self.press("Continue")

    def asked(self, heading: str, answers: Answers | None = None, *, press: str = "") -> None:
        """Answers the page of this heading, or says that it is not known yet; *press*: another button than usual."""
        self.heading(heading)
        self.answer(answers or {})
        self.press(press or ("Continue" if answers else "Not known yet"))

    def log(self, stage: str, says: str = "") -> None:
        """Checks what was answered, on a page that *says* so, and logs it as a case at this stage: to that case."""
        self.heading("Check before logging")
        expect(self.page.get_by_role("main")).to_contain_text(says)
        self.expect_effects(f"Opens a case at the stage {stage}")
        self.press("Log the referral")
        self.heading(re.compile(rf"^[A-Z]+-\d{{4}}-\d{{3}} is logged, at the stage {stage}$"))
        self.reference, self.stage = self.page.get_by_role("heading", level=1).inner_text().split()[0], stage
        self.press("Open the case")
        expect(self.page).to_have_title(re.compile(f"^{self.reference}: overview"))

    def record(self, step: str, on: str, answers: Answers | None = None, *, to: str = "", does: str = "") -> None:
        """Records a step from the case's first page, after which the case is at the stage *to*, or where it was.

        *does*: what the page to check on must say that it will do; a step without such a page may not have it.
        """
        self.begin(step)
        self.answer({"When did it happen?": on, **(answers or {})})
        self.press("Record the step" if self.page.get_by_role("button", name="Record the step").count() else "Continue")
        confirm = self.page.get_by_role("button", name="Record this")
        told = self.page.get_by_role("status")
        expect(confirm.or_(told)).to_be_visible()
        assert not does or confirm.is_visible(), f"{step} was recorded without a page to check it on"
        if confirm.is_visible():
            self.expect_effects(does)
            confirm.click()
            understood = self.page.get_by_role("button", name="Yes, record it")
            expect(understood.or_(told)).to_be_visible()
            if understood.is_visible():
                self.heading("This cannot be undone")
                understood.click()
        self.stage = to or self.stage
        self.recorded.append(step)
        expect(told).to_have_text(f"Recorded: {step}. {self.reference} is at the stage {self.stage}.")

    def begin(self, step: str) -> None:
        """From the case's first page to the page that records this step."""
        now = self.page.get_by_role("region", name="You may record now")
        offered = now.get_by_text(step, exact=True)
        if offered.count():
            offered.click()
        else:
            self.follow("Something else", now)
            self.heading("What happened?")
            self.follow(step)
        self.heading(step)

    def correct(self, step: str, on: str, why: str, *, about: str) -> None:
        """Puts right, from the case's first page, the day on which a step about this subject happened."""
        self.open("History")
        self.follow(re.compile(rf"^Correct event \d+, {re.escape(f'{step}: {about}')}$"))
        self.heading("Correct what was recorded")
        self.answer({"What was wrong?": "It happened, but its date or answers are wrong"})
        self.press("Continue")
        self.heading("What really happened")
        self.answer({"When did it really happen?": on, "Why was it recorded in error?": why})
        self.press("Record the correction")
        expect(self.page.get_by_role("status")).to_contain_text("The correction is recorded.")
        self.recorded += ["Recorded in error", step]

    def open(self, section: str) -> None:
        """Turns to a section of the case."""
        self.follow(section, self.page.get_by_role("navigation", name="Sections of this case"))
        expect(self.page).to_have_title(re.compile(re.escape(f"{self.reference}: {section.lower()}")))

    def expect_due(self, dates: Mapping[str, str]) -> None:
        """Compares the deadlines of these titles with the days worked out by hand, and returns to the first page."""
        self.open("Deadlines")
        for title, due in dates.items():
            running = self.page.get_by_role("article", name=title, exact=True).get_by_role("paragraph").first
            over = self.page.get_by_role("row").filter(has=self.page.get_by_role("rowheader", name=title, exact=True))
            shown = running.or_(over.get_by_role("cell").first).first
            day, month, year = due.split()
            expect(shown, title).to_have_text(re.compile(rf"^{day} {month}\w* {year}$"))
        self.open("Overview")

    def expect_effects(self, words: str) -> None:
        expect(self.page.get_by_role("complementary", name="What this will do")).to_contain_text(words)

    # -- The record of a case --------------------------------------------------------------------------------------

    def find(self, reference: str) -> None:
        """From any page to the case's first page."""
        self.page.get_by_label("Find a case by reference").fill(reference)
        self.press("Find")
        self.reference = reference
        expect(self.page).to_have_title(re.compile(f"^{reference}: overview"))

    def export(self, format: str, why: str) -> bytes:
        """From the history or from the page that exports it, and stays there: the file."""
        if self.page.get_by_role("link", name="as PDF").count():
            self.follow("as PDF")
        self.heading(f"Export the history of {self.reference}")
        self.answer({"How do you want it?": format, "Why do you need it?": why})
        with self.page.expect_download() as downloading:
            self.press("Export the history")
        return Path(downloading.value.path()).read_bytes()

"""Questions, answers, what is wrong with them, and how they are drawn."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict

from tests.drawing import drawing_app, one, sound
from tests.pages import faults
from tracker.errors import Refused
from tracker.procedures.vocabulary import Question
from tracker.web.fields import is_unfit
from tracker.web.forms import (
    AnswersForm,
    ApproximateDayField,
    Checkboxes,
    Choice,
    DayField,
    EmailField,
    Form,
    LongTextField,
    PasswordField,
    Radios,
    RecordingForm,
    Select,
    Submit,
    TextField,
    WholeNumber,
    form_for,
)

PAGE = """{% extends "form_page.html" %}
{% block page_title %}Every question{% endblock %}
{% block heading %}Every question{% endblock %}
{% block questions %}
  {% for field in form if field.type not in hidden %}{{ field }}{% endfor %}
{% endblock %}"""
HIDDEN = ("CSRFTokenField", "HiddenVersion", "HiddenSubmission")

SENT = {"version": "3", "submission": "k" * 32}


class EveryForm(RecordingForm):
    """Every kind of question, each of which must be answered."""

    agency = TextField("Name of the agency", hint="As in the register", required="Enter the name of the agency")
    decided = DayField("When was it decided?", required="Enter the day it was decided")
    death = ApproximateDayField("When did the person die?", required="Enter when the person died")
    reasons = LongTextField("Reasons", required="Enter the reasons")
    email = EmailField(required="Enter an email address")
    password = PasswordField(required="Enter a password")
    outcome = Radios(
        "What was decided?", [Choice("met", "Met", hint="They must"), ("not", "Not met")], required="Select one"
    )
    bodies = Checkboxes(
        "Who was consulted?", [("c", "Council"), ("p", "Police")], small=True, required="Select the bodies"
    )
    lead = Select("Who leads it?", [("r", "Ruth"), ("t", "Tom")], required="Select who leads it")
    count = WholeNumber("How many recommendations?", most=500, required="Enter how many")
    save = Submit("Continue")
    later = Submit("Save and finish later", look="secondary")


GOOD = MultiDict(
    [
        *SENT.items(),
        ("agency", "Northmarch Housing"),
        ("decided", "18"),
        ("decided", "Sep"),
        ("decided", "2025"),
        ("death", ""),
        ("death", "1"),
        ("death", "2025"),
        ("reasons", "One.\r\n\r\nTwo."),
        ("email", "ruth@northmarch.example"),
        ("password", " three random words "),
        ("outcome", "met"),
        ("bodies", "p"),
        ("bodies", "c"),
        ("lead", "t"),
        ("count", "1,2"),
        ("save", "yes"),
    ]
)


@pytest.fixture(autouse=True)
def drawing() -> Iterator[None]:
    """A request that posts a form."""
    with drawing_app().test_request_context("/", method="POST"):
        yield


def drawn(form: Form) -> BeautifulSoup:
    """The page of *form*."""
    return sound(render_template_string(PAGE, form=form, hidden=HIDDEN))


def answered(kind: type[Any], *values: str, **options: Any) -> Any:
    """A field of this *kind*, the only one of a form that was sent with *values*, and checked."""
    asking = type("OneQuestion", (Form,), {"it": kind("Answer", **options)})
    form = asking(MultiDict([("it", value) for value in values]))
    form.validate()
    return form.it


def test_good_answers_come_back_as_what_they_are() -> None:
    form = EveryForm(GOOD)
    assert form.validate(), form.errors
    assert form.agency.data == "Northmarch Housing"
    assert form.decided.data == date(2025, 9, 18)
    assert form.death.data == "2025-01"
    assert form.reasons.data == "One.\n\nTwo."
    assert form.password.data == " three random words "
    assert form.bodies.data == ["c", "p"]
    assert (form.outcome.data, form.lead.data, form.count.data) == ("met", "t", 12)
    assert (form.save.data, form.later.data) == (True, False)
    assert (form.version.data, form.submission.data) == (3, "k" * 32)


def test_an_empty_form_names_every_question_and_each_link_lands_on_an_input() -> None:
    form = EveryForm(MultiDict(SENT))
    assert not form.validate()
    page = drawn(form)
    assert one(page, "title").text.startswith("Error: ")
    links = page.select(".govuk-error-summary a")
    assert [link.text for link in links] == [
        "Enter the name of the agency",
        "Enter the day it was decided",
        "Enter when the person died",
        "Enter the reasons",
        "Enter an email address",
        "Enter a password",
        "Select one",
        "Select the bodies",
        "Select who leads it",
        "Enter how many",
    ]
    for link in links:
        assert one(page, str(link["href"])).name in {"input", "textarea", "select"}


def test_every_error_is_read_out_with_its_input() -> None:
    form = EveryForm(MultiDict(SENT))
    form.validate()
    page = drawn(form)
    for group in page.select(".govuk-form-group--error"):
        error = one(group, ".govuk-error-message")
        assert error.text.startswith("Error: ")
        assert group.select(f"[aria-describedby~={error['id']}]")


@pytest.mark.parametrize("sent", [None, MultiDict(SENT), GOOD], ids=["new", "empty", "good"])
def test_ids_are_unique_and_every_input_has_its_label(sent: MultiDict[str, str] | None) -> None:
    form = EveryForm(sent, version=3)
    if sent is not None:
        form.validate()
    page = drawn(form)
    ids = [element["id"] for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    labelled = {label["for"] for label in page.select("label")}
    inputs = page.select("main input:not([type=hidden]), main textarea, main select")
    assert {field["id"] for field in inputs} <= labelled
    described = {
        name for element in page.select("[aria-describedby]") for name in str(element["aria-describedby"]).split()
    }
    assert described <= set(ids)


def test_a_question_without_a_hint_has_no_hint_element() -> None:
    page = drawn(EveryForm(version=1))
    assert not page.find(id="reasons-hint")
    assert page.find(id="agency-hint")


def test_what_was_typed_is_kept_but_a_password_is_not() -> None:
    sent = MultiDict(GOOD)
    sent.setlist("decided", ["31", "june", "25"])
    sent["reasons"] = "</textarea><script>alert(1)</script>"
    sent["count"] = "many"
    form = EveryForm(sent)
    form.validate()
    page = drawn(form)
    assert [box.get("value") for box in page.select("[name=decided]")] == ["31", "june", "25"]
    assert page.select("textarea")[0].text == "</textarea><script>alert(1)</script>"
    assert one(page, "#count")["value"] == "many"
    assert one(page, "[name=outcome][checked]")["value"] == "met"
    assert not one(page, "#password").get("value")
    assert page.select("script[nonce]") == page.select("script")


@pytest.mark.parametrize(
    ("typed", "message", "target"),
    [
        (("18", "9", "25"), "Year must include 4 numbers", "it-year"),
        (("18", "9", "0025"), "Year must be between 1900 and 2100", "it-year"),
        (("18", "", "2025"), "Date must include a month", "it-month"),
        (("18", "", ""), "Date must include a month and year", "it-month"),
        (("", "9", "2025"), "Date must include a day", "it"),
        (("18",), "Date must include a month and year", "it-month"),
        (("18", "Ju", "2025"), "Month must be a number from 1 to 12, or a name like September", "it-month"),
        (("18", "13", "2025"), "Month must be a number from 1 to 12, or a name like September", "it-month"),
        (("32", "1", "2025"), "Day must be a number from 1 to 31", "it"),
        (("x", "1", "2025"), "Day must be a number from 1 to 31", "it"),
        (("31", "June", "2025"), "31 June does not exist: June has 30 days", "it"),
        (("\x00", "", ""), "Date must be numbers, or the name of a month", "it"),
        (("1\x00", "1", "2025"), "Date must be numbers, or the name of a month", "it"),
        (("29", "2", "2025"), "29 February 2025 does not exist: February 2025 has 28 days", "it"),
    ],
)
def test_a_day_says_which_part_to_mend(typed: tuple[str, ...], message: str, target: str) -> None:
    field = answered(DayField, *typed)
    assert list(field.errors) == [message]
    assert field.target == target


@pytest.mark.parametrize("month", ["9", "09", "Sep", "sept", "Sept.", "SEPTEMBER", " september "])
def test_a_month_is_a_number_or_a_name(month: str) -> None:
    assert answered(DayField, "18", month, "2025").data == date(2025, 9, 18)


def test_a_leap_day_is_a_day() -> None:
    assert answered(DayField, "29", "2", "2024").data == date(2024, 2, 29)


@pytest.mark.parametrize("sent", [(), ("",), ("", "", ""), ("", "")])
def test_a_day_may_be_left_out_however_few_parts_are_sent(sent: tuple[str, ...]) -> None:
    field = answered(DayField, *sent)
    assert (field.data, list(field.errors)) == (None, [])


def test_a_link_may_give_a_day_as_one_value() -> None:
    assert answered(DayField, "2024-04-01").data == date(2024, 4, 1)


@given(sent=st.lists(st.text(max_size=12), max_size=5))
def test_a_day_takes_anything_and_gives_a_date_or_a_message(sent: list[str]) -> None:
    field = answered(DayField, *sent)
    assert isinstance(field.data, date) or field.errors or not field.is_answered()


@given(day=st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_reads_what_it_shows(day: date) -> None:
    shown = type("OneDay", (Form,), {"it": DayField("Day")})(None, it=day).it
    assert answered(DayField, *(part.typed for part in shown.parts)).data == day


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (("", "", "2025"), "2025"),
        (("", "1", "2025"), "2025-01"),
        (("31", "Jan", "2025"), "2025-01-31"),
        (("", "", ""), ""),
    ],
)
def test_an_approximate_day_is_as_exact_as_it_is_known(typed: tuple[str, ...], text: str) -> None:
    field = answered(ApproximateDayField, *typed)
    assert (field.data, list(field.errors)) == (text, [])
    shown = type("OneDay", (Form,), {"it": ApproximateDayField("Day")})(None, it=text).it
    assert answered(ApproximateDayField, *(part.typed for part in shown.parts)).data == text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("31", "", "2025"), "Date must include a month if it has a day"),
        (("", "1", ""), "Date must include a year"),
        (("31", "2", "2025"), "31 February 2025 does not exist: February 2025 has 28 days"),
    ],
)
def test_an_approximate_day_has_no_holes(typed: tuple[str, ...], message: str) -> None:
    assert list(answered(ApproximateDayField, *typed).errors) == [message]


def test_long_text_may_have_20_000_characters_and_no_more() -> None:
    assert not answered(LongTextField, "x" * 20_000).errors
    assert list(answered(LongTextField, "x" * 20_001).errors) == [
        "Answer must be 20,000 characters or fewer. It has 20,001"
    ]
    assert not answered(LongTextField, "\r\n".join(["x" * 9_999] * 2)).errors  # a line end is one character


def test_text_keeps_its_lines_and_loses_the_blanks_around_it() -> None:
    assert answered(LongTextField, "  one\r\n\ttwo\rthree \n").data == "one\n\ttwo\nthree"


@pytest.mark.parametrize("typed", ["\u200b", "\ufeff \u00ad", "\u202e\u2800\u3164"])
@pytest.mark.parametrize("kind", [TextField, LongTextField])
def test_what_nobody_can_see_is_no_answer(kind: type[Any], typed: str) -> None:
    assert list(answered(kind, typed, required="Enter why").errors) == ["Enter why"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x92", "\ufffe", "\U0001ffff"])
def test_control_characters_are_refused_and_can_be_mended_by_sending_again(character: str) -> None:
    field = answered(LongTextField, f"be{character}fore")
    assert list(field.errors) == [
        "Answer included a control character that cannot be kept. What can be kept is shown: check it and send it again"
    ]
    assert not answered(LongTextField, field.shown).errors


@given(typed=st.text())
def test_text_that_is_taken_can_be_stored_and_shown(typed: str) -> None:
    field = answered(LongTextField, typed)
    assert not any(is_unfit(character) for character in field.shown)
    assert faults(f"<!DOCTYPE html><title>x</title><p>{field.shown.replace('&', '').replace('<', '')}</p>") == []


def test_a_line_is_one_line() -> None:
    assert list(answered(TextField, "one\ntwo").errors) == ["Answer must be on one line"]


@pytest.mark.parametrize(
    "typed",
    [
        "ruth",
        "ruth@",
        "@x.example",
        "ruth@example",
        "a b@x.example",
        "r@x.example, s@x.example",
        "r@x.\u202eexample",
        "r\u200b@x.example",
    ],
)
def test_an_email_address_has_a_name_and_a_place(typed: str) -> None:
    assert list(answered(EmailField, typed).errors) == [
        "Enter an email address in the correct format, like name@example.com"
    ]


@pytest.mark.parametrize(("typed", "number"), [("0", 0), ("12", 12), ("1,200", 1200), (" 7 ", 7)])
def test_a_whole_number_may_be_nought(typed: str, number: int) -> None:
    field = answered(WholeNumber, typed, required="Enter a number")
    assert (field.data, list(field.errors)) == (number, [])


@pytest.mark.parametrize("typed", ["1.5", "two", "٣", "9" * 10, "-1", "501", "\x00", "1\x002"])
def test_a_whole_number_is_whole_and_within_its_bounds(typed: str) -> None:
    assert answered(WholeNumber, typed, most=500).errors


@pytest.mark.parametrize("kind", [Radios, Select, Checkboxes])
def test_only_what_was_offered_can_be_chosen(kind: type[Any]) -> None:
    field = answered(kind, "forged", choices=[("a", "A")])
    assert list(field.errors) == ["Answer must be one of those listed"]


def test_files_and_missing_fields_are_no_answer() -> None:
    sent: MultiDict[str, Any] = MultiDict(SENT)
    for name in ("agency", "decided", "death", "reasons", "outcome", "bodies", "count"):
        sent.add(name, FileStorage(filename="x.txt"))
    form = EveryForm(sent)
    assert not form.validate()
    assert form.agency.errors == ["Enter the name of the agency"]


def test_a_refusal_stands_beside_its_field() -> None:
    form = EveryForm(GOOD)
    form.validate()
    form.refuse(Refused("The date must be 2 March 2026 or later", field="decided"))
    page = drawn(form)
    link = one(page, ".govuk-error-summary a")
    assert (link.text, link["href"]) == ("The date must be 2 March 2026 or later", "#decided")
    assert page.find(id="decided-error")


@pytest.mark.parametrize("field", ["", "unknown", "version", "save"])
def test_a_refusal_without_a_field_heads_the_summary(field: str) -> None:
    form = EveryForm(GOOD)
    form.validate()
    form.refuse(Refused("End the hold first", field=field))
    page = drawn(form)
    assert [line.get_text(strip=True) for line in page.select(".govuk-error-summary li")] == ["End the hold first"]


@pytest.mark.parametrize("broken", [{"version": "x"}, {"version": ""}, {"submission": "<>"}, {"submission": ""}])
def test_a_damaged_form_is_refused_and_mended_by_sending_again(broken: dict[str, str]) -> None:
    sent = MultiDict(GOOD)
    sent.update({})
    for name, value in broken.items():
        sent[name] = value
    form = EveryForm(sent, version=4)
    assert not form.validate()
    assert [problem.target for problem in form.problems()] == [""]
    page = drawn(form)
    for name in broken:
        sent[name] = str(one(page, f"form [name={name}]")["value"])
    assert EveryForm(sent, version=4).validate()


def test_each_form_drawn_has_a_key_of_its_own_and_keeps_it() -> None:
    form, other = EveryForm(None, version=1), EveryForm(None, version=1)
    assert form.submission.data != other.submission.data
    again = EveryForm(MultiDict({"version": "1", "submission": form.submission.data}))
    assert not again.validate()
    assert one(drawn(again), "[name=submission]")["value"] == form.submission.data


QUESTIONS = (
    Question("rationale", "What are the reasons?", "long_text", required=True),
    Question("data", "Anything to add"),
    Question(
        "reason", "Why is the case on hold?", "choice", (("trial", "Criminal trial"), ("other", "Other")), required=True
    ),
    Question("victim", "How did the victim take part?", "choices", (("a", "Attended"), ("s", "Statement read"))),
    Question("nil", "Is it a nil return?", "yes_no", required=True, default="no"),
    Question("to", "What is the new date?", "date", required=True),
    Question("count", "How many?", "number", required=True),
    Question("agency", "Which agency?", "agency", required=True),
    Question("deadline", "Which deadline?", "choice", required=True),
)
OFFERS = {"deadline": [("decide", "Decide"), ("publish", "Publish")]}
ANSWERS = {
    "rationale": "Because.\nTwice.",
    "reason": "trial",
    "victim": "a, s",
    "nil": "no",
    "to": "2025-11-20",
    "count": "0",
    "agency": "Police",
    "deadline": "publish",
}


def step_form(sent: MultiDict[str, str] | None, **options: Any) -> AnswersForm:
    """The form of `QUESTIONS`."""
    return form_for(QUESTIONS, agencies=["Police", "Housing"], offers=OFFERS, **options)(sent, version=1)


def test_a_procedures_questions_make_a_form_and_its_answers_are_text() -> None:
    sent = MultiDict(
        [
            *SENT.items(),
            *[(f"answer_{key}", text) for key, text in ANSWERS.items() if key not in {"victim", "to"}],
            *[("answer_victim", "a"), ("answer_victim", "s")],
            *[("answer_to", "20"), ("answer_to", "Nov"), ("answer_to", "2025")],
        ]
    )
    form = step_form(sent)
    assert form.validate(), form.errors
    assert form.answers() == ANSWERS


def test_answers_given_before_are_shown() -> None:
    form = step_form(None, answers=ANSWERS)
    assert form.answers() == ANSWERS
    page = drawn(form)
    assert [box.get("value") for box in page.select("[name=answer_to]")] == ["20", "11", "2025"]


def test_required_questions_ask_and_the_others_say_they_are_optional() -> None:
    form = step_form(MultiDict(SENT))
    assert not form.validate()
    page = drawn(form)
    assert [link.text for link in page.select(".govuk-error-summary a")] == [
        "Answer ‘What are the reasons?’",
        "Select an answer to ‘Why is the case on hold?’",
        "Select an answer to ‘Is it a nil return?’",
        "Enter a date for ‘What is the new date?’",
        "Enter a number for ‘How many?’",
        "Answer ‘Which agency?’",
        "Select an answer to ‘Which deadline?’",
    ]
    assert one(page, "label[for=answer_data]").text == "Anything to add (optional)"
    assert one(page, "label[for=answer_rationale]").text == "What are the reasons?"


def test_a_refusal_finds_the_question_by_its_key() -> None:
    form = step_form(MultiDict(SENT))
    form.refuse(Refused("The date lies before the old one", field="to"))
    assert form.answer_field("to").errors == ["The date lies before the old one"]


def test_a_form_may_ask_more_than_the_procedure() -> None:
    class StepForm(RecordingForm):
        on = DayField("When did it happen?", required="Enter the day it happened")

    form = form_for(QUESTIONS[:1], base=StepForm)(MultiDict(SENT))
    assert not form.validate()
    assert [problem.target for problem in form.problems()] == ["on", "answer_rationale"]

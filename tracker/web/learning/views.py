"""Learning: how each theme of the findings stands, whether it came back, and what was taught about it."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refused
from tracker.models.briefings import Briefing
from tracker.models.themes import Theme
from tracker.policy import Action, ensure
from tracker.queries import learning
from tracker.services.briefings import change_briefing, record_briefing, remove_briefing
from tracker.web.access import requires, signed_in
from tracker.web.fields import without_unfit
from tracker.web.forms import Form
from tracker.web.learning.forms import BriefingForm, RemoveForm
from tracker.web.monitoring_files import csv_file
from tracker.web.paging import paged
from tracker.web.tables import Heading

pages = Blueprint("learning", __name__, url_prefix="/learning")

PAGE = 50  # themes
NUMBER = "<int(max=2147483647):number>"
COLUMNS = (
    "Theme", "Reviews and plans", "Findings", "Recommendations", "Actions open", "Actions done",
    "Briefings and training", "Last on", "Came back",
)  # fmt: skip


@pages.route("")
@requires(Action.READ_CASE)
def index() -> ResponseReturnValue:
    """Every theme with its numbers, and apart from them those under which nothing was found or taught yet."""
    themes = learning.learned_themes(signed_in())
    found = [each for each in themes if not each.is_empty]
    return render_template(
        "learning/index.html",
        themes=paged(sorted(found, key=lambda each: -len(each.returns)), PAGE),
        page_href=lambda page: url_for(".index", page=page),
        returned=sum(1 for each in found if each.returns),
        unused=[each for each in themes if each.is_empty and any(not theme.retired_on for theme in each.themes)],
        numeric=lambda words: Heading(words, numeric=True),
    )


@pages.route("/themes.csv")
@requires(Action.READ_CASE)
def themes_csv() -> Response:
    """The table of the themes to take away."""
    rows = [
        (
            each.name, len(each.plans), *(each.total(what) for what in ("findings", "recommendations", "open", "done")),
            each.taught, each.taught_on, len(each.returns),
        )
        for each in learning.learned_themes(signed_in())
    ]  # fmt: skip
    return csv_file("learning-by-theme", "Learning by theme", COLUMNS, rows)


@pages.route("/theme")
@requires(Action.READ_CASE)
def theme() -> ResponseReturnValue:
    """A theme by its `name`: where it was found, whether it came back, what was taught."""
    viewer, name = signed_in(), without_unfit(request.args.get("name", ""))[:200]
    learned = learning.learned_theme(viewer, name)
    if learned is None:
        raise NotFound
    return render_template(
        "learning/theme.html",
        learned=learned,
        plans=learning.plans_by_number(viewer, {each.plan_id for each in learned.plans}),
        findings=learning.findings_with(viewer, name),
        briefings=learning.briefings_on(viewer, name),
        numeric=lambda words: Heading(words, numeric=True),
    )


@pages.route(f"/themes/{NUMBER}/briefings/add", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def add_briefing(number: int) -> ResponseReturnValue:
    """Another briefing or training on a theme."""
    theme, by = learning.find_theme(signed_in(), number), signed_in()
    if theme is None:
        raise NotFound
    ensure(by, Action.KEEP_PLAN, within=theme.partnership_id)
    form = BriefingForm(version=1)
    done = "It is recorded under the theme."
    return asked(
        "Record a briefing or training", form, theme, lambda: record_briefing(theme, by=by, **form.answers()), done
    )


@pages.route(f"/briefings/{NUMBER}/change", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def correct_briefing(number: int) -> ResponseReturnValue:
    """What was recorded, put right."""
    briefing, by = briefing_to_keep(number), signed_in()
    form = BriefingForm.as_it_is(briefing)

    def save() -> object:
        return change_briefing(briefing, by=by, version=form.version.data, **form.answers())

    return asked("Change what was recorded", form, briefing.theme, save, "It is changed.")


@pages.route(f"/briefings/{NUMBER}/remove", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def drop_briefing(number: int) -> ResponseReturnValue:
    """What was recorded by mistake, taken away."""
    briefing, by = briefing_to_keep(number), signed_in()
    about, form = f"{briefing.title}. The record of changes keeps that it was there.", RemoveForm()
    save = lambda: remove_briefing(briefing, by=by)  # noqa: E731
    return asked(f"Remove the {briefing.kind}", form, briefing.theme, save, "It is removed.", about)


def briefing_to_keep(number: int) -> Briefing:
    briefing = learning.find_briefing(signed_in(), number)
    if briefing is None:
        raise NotFound
    ensure(signed_in(), Action.KEEP_PLAN, within=briefing.partnership_id)
    return briefing


def asked(
    heading: str, form: Form, theme: Theme, save: Callable[[], object], done: str, about: str = ""
) -> ResponseReturnValue:
    """A page that asks *form*, and leads back to the theme when it was taken."""
    back = url_for(".theme", name=theme.name)
    if form.validate_on_submit():
        try:
            save()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(back)
    return render_template("learning/form.html", form=form, heading=heading, theme=theme, back=back, about=about)

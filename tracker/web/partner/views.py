"""What is for an agency, shown to its contact who has signed in: requests and actions, and nothing else of any case."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.cases import Deadline
from tracker.models.plans import PlannedAction
from tracker.policy import Action
from tracker.queries.agency_actions import find_led_action, led_actions, shown_to_agency
from tracker.queries.my_work import open_requests
from tracker.queries.requests import asked_of, find_request, last_time_request, last_wish
from tracker.services.attachments import kept
from tracker.services.cases import Resent
from tracker.services.requests import answer_request
from tracker.services.time_requests import ask_for_time
from tracker.web.access import requires, signed_in
from tracker.web.agency_reports import reported
from tracker.web.answer_forms import AnswerForm, MoreTimeForm, ReportForm
from tracker.web.limits import takes_files

pages = Blueprint("partner", __name__, url_prefix="/partner")

NUMBER = "<int(max=2147483647):number>"


@pages.route("")
@requires(Action.ANSWER_REQUEST)
def index() -> ResponseReturnValue:
    """The requests that their agency has not answered, and the actions that it leads, the soonest due first."""
    viewer = signed_in()
    return render_template(
        "partner/index.html",
        requests=[asked_of(request) for request in open_requests(viewer)],
        actions=led_actions(viewer),
        agency=viewer.agency.name if viewer.agency else "",
        today=clock.today(),
    )


@pages.route(f"/requests/{NUMBER}", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST)
@takes_files
def answer(number: int) -> ResponseReturnValue:
    """One request, and the form that answers it."""
    request = request_or_404(number)
    form = AnswerForm(version=1)
    if form.validate_on_submit():
        try:
            with kept(form.file.content, form.file.name_given) as files:
                answer_request(
                    request,
                    by=signed_in(),
                    nil=form.sent.data == "nil",
                    note=form.note.data,
                    files=files,
                    submission_key=form.submission.data,
                )
        except Resent as resent:
            flash(f"{resent.message}.")
            return redirect(url_for(".index"))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("Your answer is recorded. The people who run the case see it now.")
            return redirect(url_for(".index"))
    asked, time = asked_of(request), last_time_request(request)
    return render_template("partner/answer.html", form=form, asked=asked, time=time, today=clock.today())


@pages.route(f"/actions/{NUMBER}", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST)
@takes_files
def report(number: int) -> ResponseReturnValue:
    """One action, and the form that says how far it has come."""
    action = action_or_404(number)
    form = ReportForm(version=action.plan.version)
    if form.validate_on_submit() and reported(form, action, by=signed_in()):
        flash("Your update is recorded. The people who keep the plan see it now.")
        return redirect(url_for(".index"))
    return render_template(
        "partner/report.html", form=form, led=shown_to_agency(action), time=last_wish(action), today=clock.today()
    )


@pages.route(f"/<any(requests, actions):kind>/{NUMBER}/more-time", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST)
def more_time(kind: str, number: int) -> ResponseReturnValue:
    """Asks for a later day, which the people who run the case or keep the plan agree to or not."""
    item = action_or_404(number) if kind == "actions" else request_or_404(number)
    back = url_for(".report" if kind == "actions" else ".answer", number=number)
    form = MoreTimeForm(version=1)
    if form.validate_on_submit():
        try:
            ask_for_time(item, by=signed_in(), until=form.until.data, reason=form.reason.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("You have asked for more time. The date stays as it is until somebody agrees.")
            return redirect(back)
    return render_template("partner/more_time.html", form=form, due=item.due_on, back=back)


def action_or_404(number: int) -> PlannedAction:
    """An action that the viewer's agency leads."""
    action = find_led_action(signed_in(), number)
    if action is None:
        raise NotFound
    return action


def request_or_404(number: int) -> Deadline:
    """A request that waits for an answer of the viewer's agency."""
    request = find_request(signed_in(), number)
    if request is None:
        raise NotFound
    return request

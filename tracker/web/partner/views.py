"""What is for an agency, shown to its contact who has signed in: requests to answer, and nothing else of any case."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.cases import Deadline
from tracker.policy import Action
from tracker.queries.my_work import open_requests
from tracker.queries.requests import asked_of, find_request, last_time_request
from tracker.services.attachments import kept
from tracker.services.cases import Resent
from tracker.services.requests import answer_request, ask_for_time
from tracker.web.access import requires, signed_in
from tracker.web.answer_forms import AnswerForm, MoreTimeForm
from tracker.web.limits import takes_files

pages = Blueprint("partner", __name__, url_prefix="/partner")

NUMBER = "<int(max=2147483647):number>"


@pages.route("")
@requires(Action.ANSWER_REQUEST)
def index() -> ResponseReturnValue:
    """The requests that their agency has not answered, the soonest due first."""
    viewer = signed_in()
    requests = [asked_of(request) for request in open_requests(viewer)]
    agency = viewer.agency.name if viewer.agency else ""
    return render_template("partner/index.html", requests=requests, agency=agency, today=clock.today())


@pages.route(f"/requests/{NUMBER}", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST)
@takes_files
def answer(number: int) -> ResponseReturnValue:
    """One request, and the form that answers it."""
    request = request_or_404(number)
    form = AnswerForm(version=request.case.version)
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


@pages.route(f"/requests/{NUMBER}/more-time", methods=["GET", "POST"])
@requires(Action.ANSWER_REQUEST)
def more_time(number: int) -> ResponseReturnValue:
    """Asks for a later day, which the people who run the case agree to or not."""
    request = request_or_404(number)
    form = MoreTimeForm(version=request.case.version)
    if form.validate_on_submit():
        try:
            ask_for_time(request, by=signed_in(), until=form.until.data, reason=form.reason.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("You have asked for more time. The date stays as it is until somebody agrees.")
            return redirect(url_for(".answer", number=number))
    return render_template("partner/more_time.html", form=form, asked=asked_of(request), today=clock.today())


def request_or_404(number: int) -> Deadline:
    """A request that waits for an answer of the viewer's agency."""
    request = find_request(signed_in(), number)
    if request is None:
        raise NotFound
    return request

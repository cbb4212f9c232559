"""Logging a referral: which kind, its questions one page after the other, a page to check them on, and the case."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import NotFound, Refused
from tracker.models.partnerships import Partnership
from tracker.policy import Action, ensure
from tracker.procedures import CASE_TYPES, procedure_in_force
from tracker.procedures.referral_pages import Asks, ReferralPage
from tracker.queries.cases import similar_cases
from tracker.queries.drafts import drafts_of, managers_to_tell
from tracker.queries.messages import told_of
from tracker.queries.partnerships import agency_names, duty_in_force
from tracker.services.drafts import begin_draft, discard_draft, drop_idle_drafts, log_draft, save_page
from tracker.web.access import requires, signed_in
from tracker.web.finding import case_or_404
from tracker.web.forms import Choice
from tracker.web.referrals import complaint_views, pages
from tracker.web.referrals.finding import AlreadyLogged, draft_or_404, journey_or_404, loggable_partnerships
from tracker.web.referrals.forms import ActForm, KindForm, PageForm, PartnershipForm, page_form
from tracker.web.referrals.journey import CHECK, Journey
from tracker.web.referrals.summary import Summary, begun
from tracker.web.review_names import review_title

__all__ = ["complaint_views", "pages"]


@pages.errorhandler(AlreadyLogged)
def show_what_it_became(logged: AlreadyLogged) -> ResponseReturnValue:
    """Sent twice, or opened again from another window: the same confirmation."""
    flash("This referral was logged before.")
    return redirect(url_for(".logged", reference=logged.reference))


@pages.route("/log", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def choose() -> ResponseReturnValue:
    """Which kind of review it is, or which referral to go on with."""
    form, partnerships = KindForm(), loggable_partnerships()
    procedures = [procedure_in_force(kind, clock.today()) for kind in CASE_TYPES]
    form.kind.choices = [Choice(each.case_type, review_title(each), each.about) for each in procedures]
    if form.validate_on_submit():
        if len(partnerships) > 1:
            return redirect(url_for(".whose", kind=form.kind.data))
        return begin(partnerships[0], form.kind.data)
    return render_template("referrals/choose.html", form=form, drafts=drafts_of(signed_in()))


@pages.route("/log/for/<kind>", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def whose(kind: str) -> ResponseReturnValue:
    """Which partnership it is for, where there is a choice."""
    form, partnerships = PartnershipForm(), loggable_partnerships()
    if kind not in CASE_TYPES:
        raise NotFound
    form.offer(partnerships)
    if form.validate_on_submit():
        return begin(next(each for each in partnerships if each.key == form.partnership.data), kind)
    return render_template("referrals/whose.html", form=form)


def begin(partnership: Partnership, kind: str) -> ResponseReturnValue:
    """To the first page of a new draft. What is idle goes now, also where no timetable runs."""
    drop_idle_drafts(clock.today())
    return redirect(Journey(begin_draft(partnership, by=signed_in(), case_type=kind)).onward)


@pages.route("/log/<key>")
@requires(Action.LOG_REFERRAL)
def resume(key: str) -> ResponseReturnValue:
    """All the questions, how far they are answered, and the way on."""
    return render_template("referrals/resume.html", journey=journey_or_404(key))


@pages.route("/log/<key>/<page>", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def ask(key: str, page: str) -> ResponseReturnValue:
    """One page of questions, kept when it is answered."""
    journey = journey_or_404(key)
    asked = journey.page(page)
    if not journey.is_open(asked):
        return redirect(journey.onward)
    if asked.asks is Asks.COMPLAINTS:
        return complaint_views.listed(journey, asked)
    form = form_of(journey, asked)
    skipped = bool(form.skip and form.skip.data)
    if not skipped and not form.validate_on_submit():
        return show(journey, asked, form)
    save_page(journey.draft, by=signed_in(), page=page, answers={} if skipped else form.kept())
    return redirect(next_address(Journey(journey.draft), asked))


def form_of(journey: Journey, page: ReferralPage) -> PageForm:
    draft = journey.draft
    return page_form(
        page,
        journey.procedure,
        draft.answers.get(page.key),
        agencies=agency_names(draft.partnership_id),
        offered=journey.offered,
        begins_on=journey.on,
    )


def show(journey: Journey, page: ReferralPage, form: PageForm) -> ResponseReturnValue:
    back = journey.address(CHECK) if is_a_change() else journey.before(page)
    return render_template("referrals/ask.html", journey=journey, page=page, form=form, back=back)


def next_address(journey: Journey, page: ReferralPage) -> str:
    """Back to where a change was asked for; else on, past the cases that may be the same one."""
    if is_a_change() and journey.to_answer is None:
        return journey.address(CHECK)
    if page.dated and journey.on and similar_cases(signed_in(), journey.draft.case_type, journey.on):
        return url_for(".similar", key=journey.draft.key)
    return journey.after(page)


def is_a_change() -> bool:
    """Whether the page was opened from the check."""
    return "changing" in request.args


@pages.route("/log/<key>/similar")
@requires(Action.LOG_REFERRAL)
def similar(key: str) -> ResponseReturnValue:
    """Cases of the same kind from about that day: is it here already?"""
    journey = journey_or_404(key)
    dated = next(page for page in journey.pages if page.dated)
    if journey.on is None:
        return redirect(journey.onward)
    found = similar_cases(signed_in(), journey.draft.case_type, journey.on)
    return render_template("referrals/similar.html", journey=journey, dated=dated, cases=found)


@pages.route("/log/<key>/check", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def check(key: str) -> ResponseReturnValue:
    """What was answered and what it starts, before it becomes a case."""
    journey, form = journey_or_404(key), ActForm()
    if journey.to_answer:
        return redirect(journey.onward)
    if form.validate_on_submit():
        try:
            return redirect(url_for(".logged", reference=log_draft(journey.draft, by=signed_in()).reference))
        except Refused as refusal:
            form.refuse(refusal)
        except NotFound:
            pass  # its twin was quicker: looking for the draft again leads to the case
    return show_check(Journey(draft_or_404(key)), form)


def show_check(journey: Journey, form: ActForm) -> ResponseReturnValue:
    found = similar_cases(signed_in(), journey.draft.case_type, journey.referral.on)
    summary = Summary(journey)
    if summary.refused and not form.form_errors:
        form.refuse(summary.refused)
    tells = managers_to_tell(journey.draft.partnership_id, signed_in())
    return render_template(
        "referrals/check.html", journey=journey, form=form, summary=summary, similar=found, tells=tells
    )


@pages.route("/<reference>/logged")
@requires(Action.LOG_REFERRAL)
def logged(reference: str) -> ResponseReturnValue:
    """The case's reference, the deadlines that have begun, and who was told."""
    case = case_or_404(reference)
    ensure(signed_in(), Action.LOG_REFERRAL, case)
    return render_template(
        "referrals/logged.html", case=case, deadlines=begun(case), told=told_of(case, "referral_logged")
    )


@pages.route("/log/<key>/discard", methods=["GET", "POST"])
@requires(Action.LOG_REFERRAL)
def discard(key: str) -> ResponseReturnValue:
    """Throws a referral away, once that is confirmed."""
    journey, form = journey_or_404(key), ActForm()
    if form.validate_on_submit():
        discard_draft(journey.draft, by=signed_in())
        flash("The referral was thrown away. Nothing was logged.")
        return redirect(url_for(".choose"))
    return render_template("referrals/discard.html", journey=journey, form=form)


@pages.context_processor
def duties() -> dict[str, object]:
    """`no_duty(draft)`: whether nobody is bound to hold such a review there, so that it is logged for planning."""

    def no_duty(journey: Journey) -> bool:
        draft, procedure = journey.draft, journey.procedure
        return procedure.commences_by_area and not duty_in_force(
            draft.partnership_id, procedure.case_type, clock.today()
        )

    return {"no_duty": no_duty}

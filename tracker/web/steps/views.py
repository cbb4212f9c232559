"""Recording what happened to a case, and correcting what was recorded wrongly."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.errors import Refused, Stale
from tracker.models.cases import Case, Event
from tracker.models.facts import reckoned
from tracker.policy import Action, ensure
from tracker.procedures.vocabulary import Effect, Step
from tracker.queries.case_people import people_told
from tracker.queries.effects import Effects, effects_of
from tracker.queries.partnerships import agency_names
from tracker.services.cases import Resent, correct_event, record_step, refuse_outdated
from tracker.web.access import requires, signed_in
from tracker.web.finding import case_or_404, decision_or_404, event_or_404, step_or_404
from tracker.web.forms import form_for
from tracker.web.steps.forms import CorrectionForm, OutcomeForm, ReplaceForm, WithdrawForm
from tracker.web.steps.recording import Recording, choices_of, outcomes, recorded_words, steps_for, told_by_others

pages = Blueprint("steps", __name__, url_prefix="/cases/<reference>")


@pages.route("/steps")
@requires(Action.RECORD_STEP)
def index(reference: str) -> ResponseReturnValue:
    """Every step that this person may record: those possible today, and those that may have happened earlier."""
    case = case_or_404(reference)
    ensure(signed_in(), Action.RECORD_STEP, case)
    answer = reckoned(case, clock.today())
    return render_template("steps/index.html", case=case, reckoned=answer, groups=steps_for(signed_in(), case, answer))


@pages.route("/decisions/<key>", methods=["GET", "POST"])
@requires(Action.RECORD_STEP)
def decide(reference: str, key: str) -> ResponseReturnValue:
    """Which of its outcomes a decision had; its reasons are asked on the next page."""
    case = case_or_404(reference)
    ensure(signed_in(), Action.RECORD_STEP, case)
    decision, answer = decision_or_404(case, key), reckoned(case, clock.today())
    ways = outcomes(signed_in(), case, decision, answer)
    form = OutcomeForm.of(decision, ways)
    if len(ways) == 1 or (ways and form.validate_on_submit()):
        chosen = form.outcome.data or ways[0].key
        return redirect(url_for(".record", reference=reference, key=chosen))
    return render_template("steps/decide.html", case=case, decision=decision, form=form, ways=ways, reckoned=answer)


@pages.route("/steps/<key>", methods=["GET", "POST"])
@requires(Action.RECORD_STEP)
def record(reference: str, key: str) -> ResponseReturnValue:
    """A step's questions; then, where it cannot be undone or decides what follows, a page to check them on."""
    case = case_or_404(reference)
    step = step_or_404(case, key, signed_in())
    if step.effect is Effect.CORRECTED:
        return redirect(url_for("cases.history", reference=reference))
    recording = Recording(case, step)
    if recording.is_sent_to_check:
        return check(recording, "steps/check.html")
    return confirmed(recording) if recording.is_sent else show(recording)


def confirmed(recording: Recording) -> ResponseReturnValue:
    """Records what was answered and, where that asks for it, checked; what cannot be undone is asked once more."""
    case, form = recording.case, recording.form
    version, submission_key = form.version.data, form.submission.data
    try:
        if recording.is_sent_to_warn:
            refuse_outdated(case, version, submission_key)
            return check(recording, "steps/interruption.html")
        event = record_step(
            case,
            by=signed_in(),
            step=recording.step.key,
            on=recording.on,
            answers=recording.answers,
            subject=recording.subject,
            version=version,
            submission_key=submission_key,
        )
    except Resent as resent:
        flash(f"{resent.message}.")
        return redirect(url_for("cases.show", reference=resent.event.case.reference))
    except Stale:
        return stale(recording)
    except Refused as refusal:
        recording.refuse(refusal)
        return show(recording)
    flash(recorded_words(event.case, recording.step))
    return redirect(url_for("cases.show", reference=case.reference))


def show(recording: Recording, status: int = 200, changes: Sequence[Event] = ()) -> ResponseReturnValue:
    case, step = recording.case, recording.step
    has_tests = bool(step.decides) and case.procedure.takes_complaints
    preview = effects_of(case, step.key, clock.today(), recording.likely_subject, step.answers({}))
    open_question = any(question.derives for question in step.questions)
    return (
        render_template(
            "steps/record.html",
            case=case,
            step=step,
            form=recording.form,
            effects=None if open_question else preview,
            tells=tells(case, step, preview),
            open_question=open_question,
            alternatives=recording.alternatives,
            reckoned=reckoned(case, clock.today()) if has_tests else None,
            changes=told_by_others(case, changes),
        ),
        status,
    )


def tells(case: Case, step: Step, effects: Effects | None) -> list[str]:
    """Whom a decision is told to, as a page writes them."""
    if effects is None or not step.decides:
        return []
    return [f"{person.name}, {why}" for person, why in people_told(case, effects.starts, by=signed_in())]


def check(recording: Recording, page: str) -> ResponseReturnValue:
    """What was answered and what it will do, before it is recorded; back to the questions if it is not allowed."""
    try:
        effects = recording.effects()
    except Refused as refusal:
        recording.refuse(refusal)
        return show(recording)
    return render_template(
        page,
        case=recording.case,
        step=recording.step,
        form=recording.form,
        effects=effects,
        tells=tells(recording.case, recording.step, effects),
        answers=recording.shown_answers(),
        sent=choices_of(recording.form, request.form),
    )


def stale(recording: Recording) -> ResponseReturnValue:
    """Their change beside my answers; sending again records mine on top of it."""
    case = case_or_404(recording.case.reference)
    changes = recording.form.changes_since(case)
    recording = Recording(case, recording.step, redrawn=True)
    return show(recording, 409, changes)


@pages.route("/events/<int:number>/correct", methods=["GET", "POST"])
@requires(Action.CORRECT_EVENT)
def correct(reference: str, number: int) -> ResponseReturnValue:
    """What was wrong with an event: asked first, because what comes next depends on it."""
    case = case_to_correct(reference)
    event = event_or_404(case, number)
    form = CorrectionForm(version=case.version)
    if form.validate_on_submit():
        return redirect(url_for(f".{form.how.data}", reference=reference, number=number))
    step = case.procedure.step(event.step)
    return render_template("steps/correct.html", case=case, event=event, step=step, form=form)


@pages.route("/events/<int:number>/correct/never", methods=["GET", "POST"])
@requires(Action.CORRECT_EVENT)
def never(reference: str, number: int) -> ResponseReturnValue:
    """Takes an event off the record."""
    return corrected(reference, number, replace=False)


@pages.route("/events/<int:number>/correct/otherwise", methods=["GET", "POST"])
@requires(Action.CORRECT_EVENT)
def otherwise(reference: str, number: int) -> ResponseReturnValue:
    """Replaces an event by what really happened."""
    return corrected(reference, number, replace=True)


def corrected(reference: str, number: int, *, replace: bool) -> ResponseReturnValue:
    case = case_to_correct(reference)
    event = event_or_404(case, number)
    step = step_or_404(case, event.step)
    form = correction_form(case, step, event, replace=replace)
    changes: Sequence[Event] = ()
    status = 200
    if form.validate_on_submit():
        try:
            correct_event(
                case,
                by=signed_in(),
                number=number,
                reason=form.reason.data,
                on=form.on.data if replace else None,
                answers=form.corrected(event.answers) if replace else None,
                version=form.version.data,
                submission_key=form.submission.data,
            )
        except Resent as resent:
            flash(f"{resent.message}.")
            return redirect(url_for("cases.show", reference=resent.event.case.reference))
        except Stale:
            case, status = case_or_404(reference), 409
            event, changes = event_or_404(case, number), form.changes_since(case)
            form.speak_of(case)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash("The correction is recorded. What was replaced stays in the history, struck through.")
            return redirect(url_for("cases.show", reference=reference))
    page = "steps/replace.html" if replace else "steps/withdraw.html"
    return render_template(
        page, case=case, event=event, step=step, form=form, changes=told_by_others(case, changes)
    ), status


def case_to_correct(reference: str) -> Case:
    """The case, for somebody who may correct it."""
    case = case_or_404(reference)
    ensure(signed_in(), Action.CORRECT_EVENT, case)
    return case


def correction_form(case: Case, step: Step, event: Event, *, replace: bool) -> WithdrawForm:
    """The form, with what was recorded as its first answers. Which deadline was extended is no longer asked."""
    drawn_from = {"version": case.version, "seen": len(case.events)}
    if not replace:
        return WithdrawForm(**drawn_from)
    extended = step.effect is Effect.EXTENDED
    asked = [question for question in step.questions if not (extended and question.key == "deadline")]
    made = form_for(asked, base=ReplaceForm, agencies=agency_names(case.partnership_id), answers=event.answers)
    form: WithdrawForm = made(on=event.happened_on, **drawn_from)
    return form

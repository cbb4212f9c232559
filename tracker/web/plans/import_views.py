"""A spreadsheet becomes a plan: sent in once, its columns named, its dates explained, then imported."""

from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.errors import NotFound, Refused
from tracker.exports.registers import Register, as_csv
from tracker.models.plan_uploads import PlanUpload
from tracker.models.plans import Plan
from tracker.policy import Action
from tracker.procedures.plan_read import PlanRead
from tracker.queries.plan_uploads import find_upload
from tracker.services.plan_imports import import_plan, read_plan
from tracker.services.plan_uploads import answer_upload, discard_upload, keep_upload, name_columns
from tracker.web.access import requires, signed_in
from tracker.web.limits import takes_files
from tracker.web.plans import PLAN, pages
from tracker.web.plans.import_forms import DiscardForm, ImportForm, ImportingForm, columns_form, meanings_form
from tracker.web.plans.opened import address_of, plan_to_keep, sent_to

UPLOAD = f"{PLAN}/import/<key>"
REFUSED = ("Sheet", "Row", "Column", "Value", "What is wrong", "How to mend it")


@pages.route(f"{PLAN}/import", methods=["GET", "POST"])
@takes_files
@requires(Action.KEEP_PLAN)
def import_file(number: int) -> ResponseReturnValue:
    """Takes the file."""
    plan = plan_to_keep(number)
    if plan.recommendations:
        return filled_already(plan)
    form = ImportForm()
    if form.validate_on_submit():
        try:
            read_plan(form.file.content, form.file.name_given)
            upload = keep_upload(plan, by=signed_in(), name=form.file.name_given, content=form.file.content)
            return redirect(url_for(".check_file", number=number, key=upload.key))
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("plans/import.html", form=form, plan=plan, back=address_of(plan))


@pages.route(UPLOAD, methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def check_file(number: int, key: str) -> ResponseReturnValue:
    """What importing it would do, and what must be known first. Imports it where nothing stands in the way."""
    plan = plan_to_keep(number)
    if plan.recommendations:  # sent twice
        return filled_already(plan)
    upload = upload_or_404(plan, key)
    read = read_of(upload)
    form, meanings = ImportingForm(version=plan.version), meanings_form(read.questions)
    if meanings.keep.data and meanings.validate_on_submit():
        answer_upload(upload, by=signed_in(), answers=meanings.answers())
        return redirect(url_for(".check_file", number=number, key=key))
    if (form.save.data and read.is_complete) or form.ready.data:

        def save(sent: dict[str, Any]) -> Plan:
            return import_plan(plan, source=upload.name, answers=read.recommendations, upload=upload, **sent)

        if sent_to(save, form, plan):
            flash(f"Imported: {read.ready} of {read.rows} rows.")
            return redirect(address_of(plan))
    shown = {"importing": form, "meanings": meanings, "discard": DiscardForm(), "upload": upload, "read": read}
    wrong = meanings if meanings.keep.data else form
    return render_template("plans/import_check.html", plan=plan, back=address_of(plan), form=wrong, **shown)


@pages.route(f"{UPLOAD}/columns", methods=["GET", "POST"])
@requires(Action.KEEP_PLAN)
def name_file_columns(number: int, key: str) -> ResponseReturnValue:
    """Which of our columns each heading is."""
    plan = plan_to_keep(number)
    upload = upload_or_404(plan, key)
    form = columns_form(read_of(upload).tables)
    back = url_for(".check_file", number=number, key=key)
    if form.validate_on_submit():
        try:
            name_columns(upload, by=signed_in(), columns=form.columns())
            return redirect(back)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("plans/import_columns.html", form=form, plan=plan, upload=upload, back=back)


@pages.route(f"{UPLOAD}/refused.csv")
@requires(Action.KEEP_PLAN)
def refused_rows(number: int, key: str) -> ResponseReturnValue:
    """What is refused, to mend the file by."""
    upload = upload_or_404(plan_to_keep(number), key)
    rows = [list(each.as_json().values()) for each in read_of(upload).refused]
    content = as_csv(Register("Refused", [("File", upload.name)], REFUSED, rows))  # type: ignore[arg-type]
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return response


@pages.route(f"{UPLOAD}/discard", methods=["POST"])
@requires(Action.KEEP_PLAN)
def discard_file(number: int, key: str) -> ResponseReturnValue:
    """Throws the file away."""
    plan = plan_to_keep(number)
    if DiscardForm().validate_on_submit():
        discard_upload(upload_or_404(plan, key), by=signed_in())
        flash("The file is thrown away. Nothing was imported.")
    return redirect(address_of(plan))


def filled_already(plan: Plan) -> ResponseReturnValue:
    flash("The plan has its recommendations already.")
    return redirect(address_of(plan))


def upload_or_404(plan: Plan, key: str) -> PlanUpload:
    upload = find_upload(signed_in(), plan, key)
    if upload is None:
        raise NotFound
    return upload


def read_of(upload: PlanUpload) -> PlanRead:
    return read_plan(upload.content, upload.name, upload.answered)

"""A referral in words, to be checked before it is logged."""

from werkzeug.datastructures import MultiDict

from tracker.models.partnerships import Partnership
from tracker.web.filters import day
from tracker.web.referrals.forms import MET, ReferralForm

NOT_CARRIED = {"csrf_token", "confirmed", "change", "more", "save"}
ROWS = "rows"  # how many rows for complaints the form had


def summary(form: ReferralForm, partnership: Partnership) -> list[tuple[str, str]]:
    """Each question that was answered, with its answer."""
    pairs = [("Partnership", partnership.name)] if form.partnership else []
    pairs.append((form.on.label.text, day(form.on.data)))
    for question in form.procedure.opening.questions:
        answer = form.answers().get(question.key, "")
        if answer:
            pairs.append((question.label, question.shown(answer)))
    pairs += [("The person died", death["on"]) for death in form.deaths()]
    if form.themes and form.themes.data:
        themes = dict(form.procedure.themes)
        pairs.append(("The behaviour", ", ".join(themes[theme] for theme in form.themes.data)))
    criteria = {criterion.key: criterion.label for criterion in form.procedure.criteria}
    for answered in form.criteria():
        evidence = f": {answered['evidence']}" if "evidence" in answered else ""
        pairs.append((criteria[answered["key"]], dict(MET)[answered["met"]] + evidence))
    return pairs + [(f"{partner} became aware", day(on)) for partner, on in form.aware().items()]


def carried(form: ReferralForm, sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Everything that was sent and asked for, to be carried through the check page."""
    asked = {key for key in sent if key in form or key == ROWS} - NOT_CARRIED
    return [(key, value) for key, values in sent.lists() if key in asked for value in values]

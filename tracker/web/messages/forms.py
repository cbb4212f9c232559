"""What an administrator decides about a message that did not go out."""

from tracker.web.forms import Choice, Form, LongTextField, Radios, Submit

RETRY, CANCEL = "retry", "cancel"


class MessageForm(Form):
    """Again or never, and why."""

    what = Radios(
        "What should happen to it?",
        choices=[
            Choice(RETRY, "Try again now", "When what stopped it is mended."),
            Choice(CANCEL, "Never send it", "It stays among its reader’s notices."),
        ],
        required="Select what should happen to it",
    )
    reason = LongTextField("Why?", hint="It is recorded.", required="Enter a reason", rows=2, limit=500)
    save = Submit("Save")

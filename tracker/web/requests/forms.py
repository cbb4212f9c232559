"""What is asked of those who run a case about the requests they made."""

from tracker.services.item_links import LASTS, LONGEST
from tracker.web.forms import Choice, EmailField, Form, LongTextField, Radios, Submit, WholeNumber


class LinkForm(Form):
    """Whom the link is for, and for how long."""

    email = EmailField(
        "Who is it for?",
        autocomplete="off",
        hint="The address of the agency’s contact. The link opens this one request and nothing else.",
        required="Enter the email address",
    )
    days = WholeNumber(
        "How many days does it work?", least=1, most=LONGEST, width=3, default=LASTS, required="Enter a number of days"
    )
    save = Submit("Send the link")


class RevokeForm(Form):
    """A button."""

    save = Submit("End the link", look="warning")


class DecideTimeForm(Form):
    """Whether the agency gets more time, and what it is told."""

    decision = Radios(
        "What do you decide?",
        choices=[
            Choice("grant", "Agree", "The deadline is extended to the day that was asked for."),
            Choice("refuse", "Do not agree", "The date stays as it is."),
        ],
        required="Select what you decide",
    )
    answer = LongTextField(
        "What do you tell the agency?", hint="Needed where you do not agree.", rows=4, limit=4000, optional=True
    )
    save = Submit("Record the decision")

"""What is asked of somebody who comes by a link."""

from tracker.web.forms import EmailField, Form, Submit


class OpenForm(Form):
    """A button. A program that only follows links does not press it."""

    save = Submit("Open it")


class AskForm(Form):
    """The address that the link was sent to."""

    email = EmailField(
        "Which email address was the link sent to?", autocomplete="email", required="Enter the email address"
    )
    save = Submit("Ask for a new link")

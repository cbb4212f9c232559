"""What is asked before a file is destroyed."""

from tracker.web.forms import Form, LongTextField, Submit


class DisposeForm(Form):
    """Why, and a button that says what it does."""

    reason = LongTextField(
        "Why is this file disposed of?",
        hint="For example: sent to the wrong case. No names of people.",
        required="Enter why the file is disposed of",
        rows=3,
        limit=1000,
    )
    save = Submit("Dispose of this file", look="warning")

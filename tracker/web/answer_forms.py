"""What an agency is asked about a request, whether its contact has signed in or opened a link."""

from tracker.web.file_fields import FileField, FileForm
from tracker.web.forms import Choice, DayField, LongTextField, Radios, RecordingForm, Submit


class AnswerForm(FileForm):
    """What is sent, or that there is nothing."""

    sent = Radios(
        "What is your answer?",
        choices=[
            Choice("sent", "We send what was asked for", "Attach it here, or say below how you have sent it."),
            Choice("nil", "We hold nothing", "A nil return: your agency had no contact."),
        ],
        required="Select your answer",
    )
    note = LongTextField("Anything to add", hint="No names of people.", rows=4, limit=4000, optional=True)
    file = FileField("Attach a file", optional=True)
    save = Submit("Send the answer")


class MoreTimeForm(RecordingForm):
    """A later day, and why."""

    until = DayField("When can you answer?", required="Enter when you can answer")
    reason = LongTextField(
        "Why do you need more time?",
        hint="No names of people.",
        required="Enter why you need more time",
        rows=4,
        limit=4000,
    )
    save = Submit("Ask for more time")

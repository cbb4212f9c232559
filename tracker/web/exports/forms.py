"""What is asked before a history is given out."""

from tracker.web.forms import Choice, Form, LongTextField, Radios, Submit


class ExportForm(Form):
    """In which format, and why."""

    format = Radios(
        "How do you want it?",
        choices=[
            Choice("page", "Web page", "To read here and to print. This is the accessible record."),
            Choice("html", "Web page as a file", "The same, to keep and to open anywhere."),
            Choice("pdf", "PDF", "A convenience, for sending and filing."),
            Choice("json", "Data", "JSON, for another system."),
        ],
        required="Select how you want the history",
    )
    reason = LongTextField(
        "Why do you need it?",
        hint="For example: yearly audit of open reviews. No names of people.",
        required="Enter why you need the history",
        rows=3,
        limit=1000,
    )
    save = Submit("Export the history")

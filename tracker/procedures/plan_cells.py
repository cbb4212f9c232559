"""Cells of a plan that hold two things: a recommendation with its number, a date of completion with the outcome.

What `joined` writes, `split` reads back.
"""

import re
from datetime import date

from tracker.procedures.date_phrases import phrases
from tracker.procedures.date_spans import NoSuchDay
from tracker.procedures.plan_status import Status
from tracker.procedures.target_dates import DONE, PLAIN

LONGEST_NUMBER = 24
NUMBER = r"(?:(?-i:[A-Z]{1,3})[ -]?|[a-z]-?)?\d{1,3}(?:\.\d{1,3})*(?:\([a-z0-9]{1,3}\)|[a-z](?![\w]))?"
WORD = r"(?:recommendation(?!s)|rec\b\.?|no\b\.?|#)\s*(?:no\b\.?|number\b)?\s*"
NUMBERED = re.compile(
    r"(?:" + WORD + r"(?P<named>" + NUMBER + r")[\s.:)–—-]+"
    r"|(?P<n>" + NUMBER + r")(?:[.:)]+\s+|\s+[–—-]\s+)|\((?P<within>" + NUMBER + r")\)\s+"
    r"|(?P<bare>(?:r\d{1,3}(?:\.\d{1,3})*|\d{1,2}(?:\.\d{1,2})+)[a-z]?|\d{1,2}(?:[a-z]|\([a-z]{1,3}\)))"
    r"\s+(?=(?-i:[A-Z])))(?P<text>\S[\s\S]*)",
    re.IGNORECASE,
)
ALONE = re.compile(rf"(?:{WORD})?(?P<n>{NUMBER})[.:)]?", re.IGNORECASE)
OWN_LINE = re.compile(r"(?P<n>[^\n]{0,23}\d[^\n]{0,23})\n+(?P<text>\S[\s\S]*)")
NAMED_NUMBER = re.compile(
    r"(?:(?:recommendation(?!s)|rec\b\.?)\s*(?:no\b\.?|number)?|no\b\.?)\s*(?=\S*\d)", re.IGNORECASE
)
LEADS_IN = re.compile(
    r"\W*(?:(?:action |now |all |fully )?(?:completed?|done|achieved|closed|implemented|delivered|signed off)\b)?\W*"
    r"(?:date\W*)?(?:on|in|by|as of|since)?\W*$"
)
SCOPES = (("local", r"local(ly)?( level| only)?"), ("regional", r"region(al|ally)?( level)?"),
          ("national", r"nation(al|ally)?( level)?"))  # fmt: skip

STATUSES = (
    (Status.NOT_STARTED, r"not (?:yet )?(?:started|begun|commenced)|to be started|no|outstanding"),
    (Status.CLAIMED, r"(?:(?:fully|now|claimed|action) )?"
                     r"(?:completed?|done|closed|achieved|implemented|delivered|finished)|yes"),
    (Status.VERIFIED, r"verified(?: complete)?|completed? and verified"),
    (Status.IN_PROGRESS, r"(?:work )?in progress|on ?going|on track|under ?way|started|commenced|"
                         r"part(?:ial|ially|ly)?(?: completed?)?|not (?:yet )?completed?|nearly completed?"),
    (Status.STOPPED, r"stopped|not (?:progressing|progressed|accepted)|no longer (?:required|needed|applicable)|"
                     r"withdrawn|cancelled|abandoned|rejected"),
    (Status.SUPERSEDED, r"superseded|replaced|merged"),
)  # fmt: skip


def plain_number(number: str) -> str:
    """A number without the word for what it numbers: “Recommendation 5.1” is 5.1."""
    plain = NAMED_NUMBER.sub("", " ".join(number.split()), count=1)
    return plain.rstrip(" .:;,–—-" if "(" in plain else " .:;,–—-)")[:LONGEST_NUMBER].rstrip()


def split_number(cell: str) -> tuple[str, str]:
    """The number that a recommendation begins with, and the rest. A cell that begins with a blank line has none.

    Where a cell holds nothing but a number, its words are all that is known of the recommendation too.
    """
    text = cell.strip()
    if cell.startswith("\n"):
        return "", text
    if found := ALONE.fullmatch(text):
        return found["n"], text
    if found := NUMBERED.fullmatch(text):
        number = next(filter(None, (found[name] for name in ("named", "n", "within", "bare"))))
        return number, found["text"].strip()
    if (found := OWN_LINE.fullmatch(text)) and len(found["n"].strip()) <= LONGEST_NUMBER:
        return plain_number(found["n"]), found["text"].strip()
    return "", text


def joined_number(number: str, text: str) -> str:
    """A recommendation's cell."""
    if not number:
        return text if split_number(text) == ("", text) else f"\n{text}"
    for cell in (text, f"{number}. {text}", f"{number}\n{text}"):
        if split_number(cell) == (number, text):
            return cell
    return f"{number}. {text}"


def split_completion(cell: str, today: date) -> tuple[str, date | None, str]:
    """The words of completion, their day, and the outcome. The day is the last of a month or a quarter, else none.

    A date that lies ahead completes nothing: the whole cell is then outcome.
    """
    text = cell.strip()
    if cell.startswith("\n") or not text:
        return "", None, text
    first, _, rest = text.partition("\n")
    if rest:
        words, on, left = completion_of(first, today)
        if words and not left:
            return words, on, rest.strip()
    words, on, left = completion_of(text, today)
    return (words, on, left) if words else ("", None, text)


def completion_of(text: str, today: date) -> tuple[str, date | None, str]:
    # Small letters that are each as long as the large one, so that places in both are the same.
    plain = "".join(small if len(small := letter.lower()) == 1 else letter for letter in text.translate(PLAIN))
    if len(plain) != len(text):
        return "", None, text
    try:
        found = phrases(plain)
    except NoSuchDay:
        found = []
    if found and (first := found[0]).until and LEADS_IN.fullmatch(plain[: first.start]):
        if first.since and first.since > today:
            return "", None, text
        on = min(first.until, today) if first.precision in ("day", "month", "quarter") else None
        return text[: first.end].strip(), on, after(text, first.end)
    if (done := DONE.match(plain)) and not re.match(r"\W*(?:by|when|once|if)\b", plain[done.end() :]):
        return text[: done.end()].strip(), None, after(text, done.end())
    return "", None, text


def after(text: str, place: int) -> str:
    """What follows, without the mark that parts it from what was before."""
    return re.sub(r"^[\s.,;:)–—-]+", "", text[place:]).strip()


def joined_completion(words: str, outcome: str, today: date) -> str:
    """The cell that holds both."""
    if words:
        return f"{words}\n{outcome}" if outcome else words
    return outcome if split_completion(outcome, today)[0] == "" else f"\n{outcome}"


def plain_scope(scope: str) -> str:
    """local, regional or national; else the words of the plan."""
    words = " ".join(scope.split())
    return next((name for name, pattern in SCOPES if re.fullmatch(pattern, words.casefold())), words)


def says_done(words: str) -> bool:
    return any(word in words.casefold() for word in ("complete", "done", "closed", "achieved", "implemented"))


def plain_status(words: str) -> Status | None:
    """How far an action has come, where the words say that and nothing else."""
    plain = " ".join(re.sub(r"[^a-z]+", " ", words.casefold()).split())
    return next((status for status, pattern in STATUSES if re.fullmatch(pattern, plain)), None)

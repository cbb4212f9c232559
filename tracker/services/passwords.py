"""What a good password is, and how one is kept: Argon2id, never the password itself."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tracker.errors import Refused

FEWEST_CHARACTERS = 12
MOST_CHARACTERS = 200
FEWEST_DIFFERENT = 5  # different characters
COMMON = """
    password passw0rd p@ssw0rd passphrase letmein welcome qwerty qwertz azerty asdfgh zxcvbn iloveyou monkey dragon
    football liverpool arsenal chelsea sunshine princess superman batman master admin administrator changeme secret
    council partnership tracker shropshire telford police january february march april june july august september
    october november december monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
"""
RUNS = ("abcdefghijklmnopqrstuvwxyz", "0123456789", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop")
LONGEST_RUN = 4  # characters that follow one another
SHORTEST_NAME = 3  # characters: a shorter one is in most passwords
FEWEST_BESIDE_COMMON = 8  # characters that must be left when common words and runs are taken away

hasher = PasswordHasher()


def hashed(password: str) -> str:
    """*password* as it is stored."""
    return hasher.hash(_one_form(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether *password* is the one kept. With no hash it takes as long, and the answer is no."""
    nobodys = _nobodys_hash()  # made in either case, so that the first time is no different
    try:
        return hasher.verify(password_hash or nobodys, _one_form(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def refuse_weak(password: str, *, email: str) -> None:
    """Says why *password* is too easy to guess for the person at *email*.

    Raises:
        Refused: beside the field `password`.
    """
    text = _one_form(password).lower()
    name, _, domain = email.lower().partition("@")
    if len(text) < FEWEST_CHARACTERS:
        raise Refused(f"Password must be {FEWEST_CHARACTERS} characters or more", field="password")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"Password must be {MOST_CHARACTERS} characters or fewer", field="password")
    if len(name) >= SHORTEST_NAME and name in text:
        raise Refused("Password must not contain your email address", field="password")
    if len(set(text)) < FEWEST_DIFFERENT or re.fullmatch(r"(.{1,6}?)\1+.?", text):
        raise Refused("Password must not repeat the same few characters", field="password")
    if len(_uncommon(text, {domain.partition(".")[0], *re.split(r"[^a-z0-9]+", name)})) < FEWEST_BESIDE_COMMON:
        raise Refused(
            "Password must be harder to guess: use three random words that do not belong together", field="password"
        )


def _uncommon(text: str, own_words: set[str]) -> str:
    """What is left of *text* without common words, the person's own words and runs such as 12345."""
    for word in sorted(
        {*COMMON.split()} | {word for word in own_words if len(word) >= LONGEST_RUN}, key=len, reverse=True
    ):
        text = text.replace(word, " ")
    for run in (*RUNS, *(run[::-1] for run in RUNS)):
        for length in range(len(run), LONGEST_RUN - 1, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], " ")
    return re.sub(r"\s+|(.)\1{2,}", "", text)


def _one_form(password: str) -> str:
    """The same password however a keyboard composes its letters."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return hasher.hash("nobody has this password")

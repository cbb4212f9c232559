"""Secrets that travel outside: made here, given away once, and kept only as hashes."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, fit for a link or a cookie."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored of a token. A fast hash is enough: nobody guesses 256 bits."""
    return hashlib.sha256(text.encode()).hexdigest()

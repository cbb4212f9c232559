"""Secrets that travel outside: made here, given away once, and kept only as hashes."""

import base64
import hashlib
import hmac
import secrets


def new_token() -> str:
    """256 random bits, fit for a link or a cookie."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """What is stored of a token. A fast hash is enough: nobody guesses 256 bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def signed_token(seed: str, key: str) -> str:
    """The token that belongs to *seed*: whoever has the seed alone, as a queue of mail does, cannot tell it."""
    made = hmac.new(key.encode(), f"item link {seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")

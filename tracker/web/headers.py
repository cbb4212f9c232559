"""The security headers that every response carries, errors included."""

import secrets

from flask import Flask, Response, current_app, g, request

# Who may do what with a page once it is in the browser: nothing that is not ours, and nothing that is not needed.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'nonce-{nonce}'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    )
)
FEATURES = (
    "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
)
A_YEAR = 365 * 24 * 60 * 60  # seconds


def csp_nonce() -> str:
    """This response's nonce, which lets the page's own inline script run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def name_request() -> None:
    """Gives the request a reference of its own: in the audit, in the log, and on the page where it fails."""
    g.request_id = secrets.token_hex(4).upper()


def secure(response: Response) -> Response:
    """*response* with the headers. Pages are never stored: the next person at the desk must not page back to them.

    What says that it never changes is no page."""
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY.format(nonce=csp_nonce())
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers.setdefault("Referrer-Policy", "same-origin")
    headers["Permissions-Policy"] = FEATURES
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    if request.endpoint != "static" and not response.cache_control.immutable:
        headers["Cache-Control"] = "no-store"
    return response


def register(app: Flask) -> None:
    """Names every request, puts the headers on every response and gives templates the nonce."""
    app.before_request(name_request)
    app.after_request(secure)
    app.context_processor(lambda: {"csp_nonce": csp_nonce()})

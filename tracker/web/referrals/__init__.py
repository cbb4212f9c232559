"""Logging a referral: one thing a page, kept after each, until it is a case."""

from flask import Blueprint

pages = Blueprint("referrals", __name__, url_prefix="/cases")

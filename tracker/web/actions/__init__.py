"""Actions across every plan: their lists, the scorecard, and files of both."""

from flask import Blueprint

pages = Blueprint("actions", __name__, url_prefix="/actions")

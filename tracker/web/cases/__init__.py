"""The list of cases, and the pages of one case."""

from flask import Blueprint

pages = Blueprint("cases", __name__, url_prefix="/cases")

"""Administration: who has access, the agencies, what is settled locally, and how the pages look."""

from flask import Blueprint

pages = Blueprint("admin", __name__, url_prefix="/admin")

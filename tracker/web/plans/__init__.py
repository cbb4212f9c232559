"""Action plans: their pages, their lines, and what is recorded of an action."""

from flask import Blueprint

pages = Blueprint("plans", __name__)

PLAN = "/plans/<int(max=2147483647):number>"
ACTION = "/plans/actions/<int(max=2147483647):number>"

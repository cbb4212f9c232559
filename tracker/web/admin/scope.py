"""Which partnership a page of administration is about: the one there is, or the one named in the address."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from tracker.errors import NotFound
from tracker.models.partnerships import Partnership
from tracker.policy import Action, partnerships_where
from tracker.queries.partnerships import partnerships_numbered
from tracker.web.access import signed_in


@dataclass(frozen=True, slots=True)
class Scope:
    """The partnership of a page, and all that the viewer manages."""

    partnership: Partnership
    managed: Sequence[Partnership]

    @property
    def note(self) -> str:
        """Whose page it is; nothing where that goes without saying."""
        return self.partnership.name if len(self.managed) > 1 else ""

    def href(self, endpoint: str) -> str:
        """The address of another page about the same partnership."""
        return url_for(endpoint, partnership=self.partnership.key if len(self.managed) > 1 else None)

    def others(self, endpoint: str) -> list[tuple[str, str, bool]]:
        """The same page of each partnership: (name, address, whether it is this one)."""
        return [
            (each.name, url_for(endpoint, partnership=each.key), each.id == self.partnership.id)
            for each in self.managed
        ]


def scope() -> Scope:
    """The partnership named in the address, else the first by name that the viewer manages.

    Raises:
        NotFound: they manage none of that key.
    """
    managed = partnerships_numbered(partnerships_where(signed_in(), Action.MANAGE_PARTNERSHIP))
    wanted = request.args.get("partnership", "")
    for partnership in managed:
        if wanted in ("", partnership.key):
            return Scope(partnership, managed)
    raise NotFound

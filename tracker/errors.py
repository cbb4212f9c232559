"""What the application says no with. Each message is written for the person who reads it."""


class Refused(Exception):
    """This cannot be done"""

    def __init__(self, message: str = "", field: str = "") -> None:
        """Says why, in the reader's words, and beside which *field* of the form if there is one."""
        self.message = message or type(self).__doc__ or ""
        self.field = field
        super().__init__(self.message)


class NotPermitted(Refused):
    """You do not have permission to do this"""


class Stale(Refused):
    """Somebody else changed this while you were working on it"""


class NotFound(Exception):
    """This does not exist, or you may not see it"""

    def __init__(self, message: str = "") -> None:
        self.message = message or type(self).__doc__ or ""
        super().__init__(self.message)

"""Which process this is, and whether one that left something unfinished has died on this machine."""

import os
import socket
from pathlib import Path

PROC = Path("/proc")
STATE, STARTED = 0, 19  # places in /proc/N/stat, after the name of the program
ZOMBIE = "Z"


def this_process() -> str:
    """Where it runs, its number, when it began. Empty where the system does not say, and it is never taken for dead."""
    began = began_at(os.getpid())
    return f"{here()} {os.getpid()} {began}" if began else ""


def has_died(process: str) -> bool:
    """Whether it ran here and is gone. Of another machine, or another container, nothing is known: it is alive."""
    where, _, rest = process.partition(" ")
    number, _, began = rest.partition(" ")
    return where == here() and number.isdecimal() and began_at(int(number)) != began


def here() -> str:
    """This machine and, in it, the space in which process numbers count."""
    try:
        return f"{socket.gethostname()}/{os.readlink(PROC / 'self/ns/pid')}"
    except OSError:
        return ""


def began_at(number: int) -> str:
    """When a process began, as the system counts; empty where there is none. Its number may be used again, this not."""
    try:
        fields = (PROC / str(number) / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return ""
    return "" if fields[STATE] == ZOMBIE else fields[STARTED]

"""Reads, each shaped for a page and always for somebody: what comes back is what that person may see."""

"""The operator's commands. Every module here offers its own in `commands`."""

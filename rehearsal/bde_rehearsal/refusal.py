"""The one error with which a rehearsal ends."""


class Refusal(Exception):
    """The daemon cannot go on. Its text is one line for people: what is wrong, where, and what was expected."""

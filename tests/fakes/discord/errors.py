"""The error of a test that lets a person do the impossible."""


class NotOffered(AssertionError):  # noqa: N818 - reads as what happened
    """Discord's client would not offer this person this command, option or component here."""

"""The error raised when a test makes a person do what Discord's client does not offer."""


class NotOffered(AssertionError):  # noqa: N818 - reads as what happened
    """Discord's client does not offer this command, option or component to this person here."""

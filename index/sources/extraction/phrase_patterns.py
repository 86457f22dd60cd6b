"""Compiles lists of phrases to regular expressions."""

import re


def phrases(listed: str) -> re.Pattern[str]:
    """A pattern that matches any of the phrases, parted by commas and space, as whole words.

    Each is a regular expression itself, in which white space stands for any.
    """
    spaced = (r"\s".join(phrase.split()) for phrase in re.split(r",\s", listed))
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)

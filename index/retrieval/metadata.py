"""The words of the metadata of articles: publishers, authors, and dates of publication."""

import calendar
import re
from collections.abc import Iterable

from index.analysis.folding import fold, without_apostrophes


class Metadata:
    """The words of publishers and authors, and the years and months in which articles came out."""

    def __init__(self, names: Iterable[str], dates: Iterable[str]) -> None:
        """Collect the words of names, and of ISO 8601 dates, months or years."""
        months = {date[: len("2025-03")] for date in dates}
        # One text, as thousands of names take long to analyze.
        text = fold("\n".join([*names, *map(_written, months)])).lower()
        self._text = re.sub("['’](?!s\\b)", "", text)  # O'Neill, but Macy's

    def __contains__(self, word: str) -> bool:
        """True for one of the words, whatever its case and accents."""
        wanted = re.escape(without_apostrophes(fold(word)).lower())
        return re.search(rf"(?<!\w){wanted}(?:['’]s)?(?!\w)", self._text) is not None


def _written(month: str) -> str:
    year, _, number = month.partition("-")
    return f"{year} {calendar.month_name[int(number or 0)]}"

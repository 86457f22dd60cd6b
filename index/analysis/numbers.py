"""Numbers as people write them: "€31m", "31 million" and "31,000,000" are the same number."""

import re
from decimal import Decimal

_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")  # 1,000.50 and 10,00,000
_POINTED_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")  # 1.000,50
_DECIMAL = re.compile(r"\d+[.,]\d+")
_CLOSING_ZEROS = re.compile(r"(?<=[.\d]\d)0+$")  # of 2.50; 7.0 is more exact than 7
_SCALES = {
    **dict.fromkeys(("k", "thousand"), 1_000),
    **dict.fromkeys(("m", "mn", "mln", "million"), 10**6),
    **dict.fromkeys(("b", "bn", "billion"), 10**9),
    **dict.fromkeys(("tn", "trn", "trillion"), 10**12),
}
_NAMES = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6))
_SHORTEST = 10**4  # "31,000,000" and "2,550,000" are written in millions, "2,551,234" is not
_WRITTEN = re.compile(
    r"(?P<money>[$€£¥]|(?<![\w.,]))(?P<number>\d+(?:[.,]\d+)*)"
    rf"(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})?(?!\w)",
    re.IGNORECASE,
)

_TO_NINETEEN = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen
"""
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ROMAN = {2: "ii", 3: "iii", 4: "iv", 6: "vi", 7: "vii", 8: "viii", 9: "ix"}  # "Xi" is a name
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}


def canonical(number: str) -> str:
    """A number without thousands separators, with a decimal point and no needless zeros: "2.5".

    Anything else that consists of digits, points and commas, such as a date, is returned as it is.
    """
    if _THOUSANDS.fullmatch(number):
        number = number.replace(",", "")
    elif _POINTED_THOUSANDS.fullmatch(number):
        number = number.replace(".", "").replace(",", ".")
    elif _DECIMAL.fullmatch(number):
        number = number.replace(",", ".")
    return _CLOSING_ZEROS.sub("", number) if _DECIMAL.fullmatch(number) else number


def in_words(text: str) -> str:
    """`text` with every round number from a million on in words: "31 million" for "31m"."""
    return _WRITTEN.sub(_in_words, text)


def _in_words(written: re.Match[str]) -> str:
    number, scale = canonical(written["number"]), written["scale"]
    if number.count(".") > 1 or "," in number or _is_unit(written):
        return written[0]
    value = Decimal(number) * _SCALES[scale.lower() if scale else "k"] / (1 if scale else 1_000)
    for name, size in _NAMES:
        if value >= size:
            is_round = scale or value % (size // 10**6 * _SHORTEST) == 0
            value = (value / size).normalize()
            return f"{written['money']}{value:f} {name}" if is_round else written[0]
    return f"{written['money']}{value.normalize():f}" if scale else written[0]


def _is_unit(written: re.Match[str]) -> bool:
    """True if a letter is no scale: "1500m" are metres, "4K" is a screen, "5B" is a flat."""
    scale = written["scale"]
    if not scale or len(scale) > 1 or written["money"]:
        return False
    digits = len(re.split("[.,]", written["number"])[0])
    return scale in "bB" or digits > 3 or (scale == "K" and digits == 1)  # noqa: PLR2004


def spelled_numbers() -> dict[str, list[str]]:
    """The spellings of numbers up to 99, and of their ordinals, by the term that they become."""
    words = dict(enumerate(_TO_NINETEEN.split(), start=1))
    for number, ten in enumerate(_TENS, start=2):
        words[10 * number] = ten
        words |= {10 * number + unit: f"{ten}-{words[unit]}" for unit in range(1, 10)}
    cardinals = dict[str, list[str]]()
    for number, word in words.items():
        if number in range(11):
            cardinals[word] = [str(number), *filter(None, [_ROMAN.get(number)])]
        else:
            cardinals[str(number)] = [word]
    ordinals = {_ordinal(word): [f"{number}{_suffix(number)}"] for number, word in words.items()}
    return cardinals | ordinals


def _ordinal(word: str) -> str:
    tens, dash, last = word.rpartition("-")
    last = _IRREGULAR.get(last) or re.sub("y$", "ie", last).removesuffix("th") + "th"
    return f"{tens}{dash}{last}"


def _suffix(number: int) -> str:
    return "th" if number in range(11, 20) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")

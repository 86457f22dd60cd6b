"""Folding: one spelling for words that people write with and without accents or apostrophes."""

import re
import unicodedata

# Letters that do not decompose, as people write them whose keyboards lack them.
_LETTERS = str.maketrans(
    dict(zip("łŁøØđĐðÐħĦŧŦıŋŊəƏɛƐɔƆɓƁɗƊƙƘ", "lLoOdDdDhHtTinNeEeEoObBdDkK", strict=True))
    | {"æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th"}
)
# Accents, and the points of Hebrew and Arabic; й and ї are letters of their own.
_ACCENT = re.compile(
    "(?<![\u0418\u0438])\u0306|(?<![\u0406\u0456])\u0308|[\u0300-\u0305\u0307\u0309-\u036f]"
    "|[\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670]"
)

_ENCLITIC = re.compile(r"'(?:s|m|re|ve|ll|d|t)$", re.IGNORECASE)
# Articles and the like before a vowel: "l'usine", "qu'un", "dell'acqua".
_ELIDED = re.compile(
    r"^(?:[cdjlmnst]|(?:jus|lors|puis|quoi|quel|pres)?qu|(?:d?a|de|ne|su)ll|un)'(?=[aeiouyh])",
    re.IGNORECASE,
)
# What "n't" leaves of some words.
_NEGATED = {"ca": "can", "wo": "will", "sha": "will", "ai": "is"}
# Contractions typed without their apostrophe.
_CONTRACTED = re.compile(
    r"(what|who|where|when|why|how|that|there|here|let)s"
    r"|(are|could|did|do|does|had|has|have|is|should|was|were|would|ca|ai)nt"
)

# British and American spellings; "-ize" becomes "-ise", as "promise" and "advertisement" have no z.
_VARIANTS = [
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=[aeiou])([b-df-hj-np-tv-z]{1,3}|(?<=v)i)our", r"\1or"),  # colour, harbour, saviour
        (r"(?<=...)([iy])z(?=e[drs]?$|ers?$|ing$|able$|ations?$|ational$)", r"\1s"),  # organize
        (r"(?<=..[bct])re(?=[ds]?$)", "er"),  # centre
        (r"^(def|off|lic|pret)ence(?=[ds]?$)", r"\1ense"),  # defence
        (r"(?<=gram)me(?=s?$)", ""),  # programme
    )
]

_MAY_VARY = re.compile("our|[iy]z|[bct]re|ence|gramme")


def fold(word: str) -> str:
    """Remove accents, and write other Latin letters in ASCII: "Bodø" becomes "Bodo"."""
    if word.isascii():
        return word
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", word))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def replace_letters(text: str) -> str:
    """Write Latin letters that are no ASCII letter with an accent in ASCII; see `fold`."""
    return text if text.isascii() else text.translate(_LETTERS)


def without_apostrophes(word: str) -> str:
    """A folded word without enclitics, elided articles and apostrophes.

    "Eldholm's" becomes "Eldholm", "l'usine" "usine", "can't" "can", and "O'Neill" "ONeill".
    """
    if "'" not in word:
        found = _CONTRACTED.fullmatch(word.lower())
        rest = found and (found[1] or found[2])
        return _NEGATED.get(rest, rest) if rest else word
    if word.lower().endswith("n't"):
        return _NEGATED.get(word[:-3].lower(), word[:-3])
    return _ELIDED.sub("", _ENCLITIC.sub("", word)).replace("'", "")


def unify_spelling(word: str) -> str:
    """One spelling for a lower-case word with a British and an American one, where a rule tells."""
    if not _MAY_VARY.search(word):  # most words: a fifth of the time
        return word
    for pattern, replacement in _VARIANTS:
        word = pattern.sub(replacement, word)
    return word

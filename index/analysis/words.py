"""Splits text into words as written: the tokenizer."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import chain, pairwise

from index.analysis.numbers import in_words

# Invisible characters: they must neither split a word nor change it.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHE = re.compile("[`´‘’\u201b\u2032\u2035\u02b9\u02bb-\u02bf\u055a\u05f3\ua78c\uff07]")
# Before they are taken apart: "2½" is not 21/2.
_MIXED = re.compile("(?<=\\d)[½¼¾]")
_DECIMALS = {"½": ".5", "¼": ".25", "¾": ".75"}
_FRACTIONS = str.maketrans(
    {"½": " half ", "¼": " quarter ", "¾": " three quarters ", "⅓": " third ", "⅔": " two thirds "}
)
_THOUSANDS = re.compile("(?<=\\d)['\u00a0\u2007\u2009\u202f](?=\\d{3}(?!\\d))")
# Vowel signs and the like, which are no letters to `re`, up to those of the living scripts.
_MARKS = "".join(
    char
    for char in map(chr, chain(range(0x300, 0x3100), range(0xA800, 0xAC00)))
    if unicodedata.category(char).startswith("M")
)
_WORD = rf"[^\W_]+ (?: [{_MARKS}]+ [^\W_]* )*"
_TOKEN = re.compile(
    rf"""
    (?: [^\W\d_]\. ){{2,}} (?: [^\W\d_] (?!\w) )? (?: 's\b )?  # U.S., U.S.A and U.S.'s
  | \d+ (?: [.,]\d+ )+                                         # 1,000 and 2.5
  | [%$€£¥]
  | [^\W\d_]{{3,}} (?= \d+ (?!\w) )                            # Covid19, but not B52
  | (?: (?<! [\w'\u2010-] ) (?: [^\W\d_] [\u2010-] (?=\w)                # e-mail, A-ha
                         | [^\W\d_]{{1,2}} [\u2010-] (?=\d)         # B-52, MH-370
                         | [Cc]o [\u2010-] (?= op | ord ) ) )?      # co-operate
    {_WORD} (?: ' (?=[^\W\d_]) {_WORD} )*                        # TikTok's, 5G, 30
    """,
    re.VERBOSE,
)
# Scripts without spaces between words: each two characters that follow each other are a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    "\U00020000-\U0003ffff]{3,}"
)
_CHARACTER = re.compile(rf"[^{_MARKS}][{_MARKS}]*")


def words(text: str) -> list[str]:
    """The words of `text` as written, in order; round numbers from a million on as "31 million"."""
    return _TOKEN.findall(_plain(text))


def words_of_each(lines: Sequence[str]) -> list[list[str]]:
    """The words of each text; faster than `words`. The texts must not contain line breaks."""
    return [*map(_TOKEN.findall, _plain("\n".join(lines)).split("\n"))] if lines else []


def _plain(text: str) -> str:
    text = _THOUSANDS.sub("", _APOSTROPHE.sub("'", text))
    if not text.isascii():
        text = _MIXED.sub(lambda mixed: _DECIMALS[mixed[0]], text).translate(_FRACTIONS)
        text = unicodedata.normalize("NFKC", text)
        text = _UNSPACED.sub(_pairs, _INVISIBLE.sub("", text))
    return in_words(text)


def _pairs(run: re.Match[str]) -> str:
    characters = _CHARACTER.findall(run[0])
    return f" {' '.join(map(''.join, pairwise(characters)))} "

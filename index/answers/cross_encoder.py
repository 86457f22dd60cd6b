"""The readers that ship with the package: a small cross-encoder, and a larger one for the best.

Both are BERTs that read question and passage together and give one logit. `reader_models/NOTICE`
says what they are made from. They know English.
"""

import logging
import math
import re
import time
from collections.abc import Sequence
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from index.analysis.folding import replace_letters
from index.analysis.numbers import in_words

if TYPE_CHECKING:
    from tokenizers import BertWordPieceTokenizer

_MODELS = Path(__file__).with_name("reader_models")
_VOCABULARY = _MODELS / "vocab.txt"
_CLS, _SEP = 101, 102  # of the vocabulary
_MAX_TOKENS = 192  # of question and passage together, as in training
_MAX_QUESTION_TOKENS = 48
_MAX_CHARS = 4_000  # more than the tokens have; to split a very long text would take long

# For coverage of up to so many passages, how many the small model and the large one read. In large
# coverage the words find more of the answers, and reading on adds little; see "Readers" in
# `tests/benchmarks/RESULTS.md`.
_MAX_PASSAGES = ((200, (64, 8)), (10_000, (24, 8)), (math.inf, (12, 4)))

_IRISH = re.compile(r"(?<=\bo)['’](?!clock)(?=[a-z]{3})", re.IGNORECASE)
_log = logging.getLogger(__name__)


class CrossEncoder:
    """One of the models."""

    def __init__(self, model: Path, max_passages: int = 64) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - slow to import

        options = SessionOptions()
        options.intra_op_num_threads = 1  # the other cores have other work to do
        self.max_passages = max_passages
        self._session = InferenceSession(str(model), options)
        self._tokenizer = _tokenizer()

    def limited_to(self, max_passages: int) -> Self:
        """The same model, for at most so many passages."""
        limited = copy(self)
        limited.max_passages = max_passages
        return limited

    def read(self, question: str, passages: Sequence[str], *, deadline: float) -> list[float]:
        """The logits of the first passages; see `Reader.read`.

        One at a time: the models scale their 8-bit integers by all that is in a batch, so that the
        logit of a passage would depend on the others. A batch is no faster on one core.
        """
        query = self._token_ids(question)[:_MAX_QUESTION_TOKENS]
        logits: list[float] = []
        for passage in passages:
            if time.monotonic() >= deadline:
                break
            logits.append(self._logit(query, self._token_ids(passage)))
        return logits

    def _token_ids(self, text: str) -> list[int]:
        # To the models, "Bodø" is not "Bodo", "€31m" not "31 million", and "O'Neill" not "Oneill".
        plain = _IRISH.sub("", in_words(replace_letters(text[:_MAX_CHARS])))
        ids: list[int] = self._tokenizer.encode(plain, add_special_tokens=False).ids
        return ids

    def _logit(self, query: list[int], text: list[int]) -> float:
        """The logit of `[CLS] query [SEP] text [SEP]`; their token types are 0 and 1."""
        first = [_CLS, *query, _SEP]
        second = [*text[: _MAX_TOKENS - len(first) - 1], _SEP]
        ids = np.array([first + second], np.int64)
        types = np.array([[0] * len(first) + [1] * len(second)], np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        [logits] = self._session.run(["logits"], inputs)
        return float(logits[0, 0])


@cache
def _tokenizer() -> "BertWordPieceTokenizer":
    from tokenizers import BertWordPieceTokenizer  # noqa: PLC0415 - slow to import
    from tokenizers.models import WordPiece  # noqa: PLC0415

    return BertWordPieceTokenizer(WordPiece.read_file(str(_VOCABULARY)), lowercase=True)


def shipped_readers(coverage: int) -> tuple[CrossEncoder, ...]:
    """The models, the small one first, for coverage of so many passages.

    Loaded once per process; none if they or onnxruntime cannot be loaded.
    """
    numbers = next(numbers for most, numbers in _MAX_PASSAGES if coverage <= most)
    return tuple(map(CrossEncoder.limited_to, _models(), numbers))


@cache
def _models() -> tuple[CrossEncoder, ...]:
    try:
        return CrossEncoder(_MODELS / "reader-6.onnx"), CrossEncoder(_MODELS / "reader-12.onnx")
    except Exception as error:  # noqa: BLE001 - onnxruntime's own errors have no common base
        _log.warning("Passages are ranked by words alone, without a reader: %s", error)
        return ()

"""The readers that ship with the package: a small cross-encoder, and a larger one for the best.

Both are BERTs that read question and passage together and give one logit. `reader_models/NOTICE`
says what they are made from. They know English.
"""

import logging
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tokenizers import BertWordPieceTokenizer

_MODELS = Path(__file__).with_name("reader_models")
_VOCABULARY = _MODELS / "vocab.txt"
_CLS, _SEP = 101, 102  # of the vocabulary
_MAX_TOKENS = 192  # of question and passage together, as in training
_MAX_QUESTION_TOKENS = 48
_MAX_CHARS = 4_000  # more than the tokens have; to split a very long text would take long

_log = logging.getLogger(__name__)


class CrossEncoder:
    """One of the models."""

    def __init__(self, model: Path, max_passages: int) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415 - slow to import

        options = SessionOptions()
        options.intra_op_num_threads = 1  # the other cores have other work to do
        self.max_passages = max_passages
        self._session = InferenceSession(str(model), options)
        self._tokenizer = _tokenizer()

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
        ids: list[int] = self._tokenizer.encode(text[:_MAX_CHARS], add_special_tokens=False).ids
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


@cache
def shipped_readers() -> tuple[CrossEncoder, ...]:
    """The models, loaded once per process; none if they or onnxruntime cannot be loaded."""
    try:
        return (
            CrossEncoder(_MODELS / "reader-6.onnx", max_passages=64),
            CrossEncoder(_MODELS / "reader-12.onnx", max_passages=8),
        )
    except Exception as error:  # noqa: BLE001 - onnxruntime's own errors have no common base
        _log.warning("Passages are ranked by words alone, without a reader: %s", error)
        return ()

"""Analyzes a question: in its own language, and in those of the coverage."""

from index.analysis.analyzer import Analyzer, Token
from index.analysis.languages import languages_of_question
from index.retrieval.retriever import Retriever


class QuestionAnalyzer:
    """The analyzer of a question, whose language is `language`.

    If several are likely, it is the one in which the coverage has most of its words. Stop words are
    those of that language. A name or number that the coverage has only in another of its languages
    gets the term that it has there.
    """

    def __init__(self, retriever: Retriever, question: str) -> None:
        covered = retriever.languages
        self._occurs = retriever.occurs
        likely = languages_of_question(question, covered)
        self.language = likely[0]
        if len(likely) > 1:
            known = [self._known(retriever.analyzer_of(one), question) for one in likely]
            self.language = likely[known.index(max(known))]
        self._own = retriever.analyzer_of(self.language)
        self._others = [retriever.analyzer_of(one) for one in covered if one != self.language]
        self._tokens: dict[str, list[Token]] = {}  # most questions are all subject, and ask in all

    def tokens(self, text: str) -> list[Token]:
        """The tokens of `text` in order, stop words included; see `Analyzer.tokens`."""
        if text not in self._tokens:
            tokens = self._own.tokens(text)
            self._tokens[text] = [*map(self._in_coverage, tokens)] if self._others else tokens
        return self._tokens[text]

    def token(self, word: str) -> Token:
        """The token of one word; see `Analyzer.token`."""
        token = self._own.token(word)
        return self._in_coverage(token) if self._others else token

    def terms(self, text: str) -> list[str]:
        """The terms of `text` without stop words; see `Analyzer.terms`."""
        return [token.term for token in self.tokens(text) if not token.is_stop_word]

    def _known(self, analyzer: Analyzer, question: str) -> int:
        """The number of words of a question that the coverage has."""
        return sum(map(self._occurs, analyzer.terms(question)))

    def _in_coverage(self, token: Token) -> Token:
        is_name = token.text[0].isupper() or token.text[0].isdigit()
        if token.is_stop_word or not is_name or self._occurs(token.term):
            return token
        found = (self._found(token.text, other) for other in self._others)
        return next(filter(None, found), token)

    def _found(self, text: str, analyzer: Analyzer) -> Token | None:
        tokens = analyzer.tokens(text)
        is_known = len(tokens) == 1 and not tokens[0].is_stop_word
        return tokens[0] if is_known and self._occurs(tokens[0].term) else None

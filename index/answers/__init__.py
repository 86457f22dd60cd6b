"""Answers: the passages, their sentences, the confidence, and the citations."""

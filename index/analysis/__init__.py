"""Texts as terms: how words are cut, stemmed and numbered, and how that is kept."""

"""Parses questions: terms, filters, time, kind of answer, follow-ups."""

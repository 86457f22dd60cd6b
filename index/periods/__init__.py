"""Periods of days, and the expressions that name one: "last week", "14 February", "spring 2024".

No library is used: dateparser and parsedatetime return moments, not periods, prefer the future, and
take "may", "sun" and "march" for dates in any question.
"""

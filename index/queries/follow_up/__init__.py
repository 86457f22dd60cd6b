"""Resolves follow-up questions: "and when?" keeps the subject of the previous question.

resolution.py    the text to search for, with its filters and sources
detection.py     whether the question depends on the previous one
combination.py   which of these a follow-up does:
asking.py          "and when?": the previous question with another question word
replacing.py       "and Walmart?": the previous question with another name, place or time
subject.py         "why do they want to ban it?": the question with the previous subject
clause.py        the parts of a question: what is asked, subject, verb
other_languages.py  those in another language than English, which are only added
words.py         its words; word_lists.py and verbs.py are about English words
"""

"""The closed classes of words by which follow-ups are recognized and rewritten; patterns of them.

Data only. "may" and "might" are no auxiliaries here: they are a month and a noun.
"""

import calendar
import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


QUESTION_WORDS = _set("how what when where which who whom whose why")
BE = _set("am are is was were")
DO = _set("did do does")
HAVE = _set("had has have")
MODALS = _set("can could must should will wo would")
AUXILIARIES = BE | DO | HAVE | MODALS
# The form that goes with "they".
PLURAL_AUXILIARIES = {"is": "are", "was": "were", "has": "have", "does": "do"}

PERSONS = _set("he her hers him his she")
GROUP = _set("their theirs them they")
THINGS = _set("it its that these this those")
PERSONAL_PRONOUNS = PERSONS | GROUP | {"it", "its"}
POSSESSIVES = _set("her his its their")
OBJECT_PRONOUNS = _set("her him it them")
INDEFINITE = _set("anybody anyone anything everybody everyone nobody somebody someone something")
DETERMINERS = _set("a all an any both each every her his its my no our some the their these this")

PREPOSITIONS = _set(
    """
    about after against among at before between by during for from in into of off on over since than
    through to under until with without
    """
)
PLACE_PREPOSITIONS = _set("at in on")
CONJUNCTIONS = _set("and because but if or so than that then though when while")
# Verbs among the stop words of the analyzer.
STOP_VERBS = _set("be been do does get gets got had has have like own said say says want wants")

# Verbs and adverbs that name no subject: "what happened next?", "who exactly?".
LIGHT_WORDS = _set(
    """
    actually again comment exactly happen happened happening happens instead kind mean means next
    people precisely really say sort think thinks thought type
    """
)
SAYING = _set(
    """
    claim claimed comment complain complained know report reported said say says tell think thinks
    thought told write wrote
    """
)
MORE = _set("any detail details info information more")
HAPPENING = _set("happen happened happening happens")
RANKS = _set("first fifth fourth last next second sixth tenth third")
TRUTH = _set("confirmed correct legit likely possible real right so true")
ADVERBS = _set("actually also else exactly ever first just now precisely really still")
# "How are you?" and "what's up?" address the bot.
ADDRESS_WORDS = _set("i me mine my our ours up us we you yours your")

_MONTHS = [*map(str.lower, calendar.month_name[1:])]
MONTHS = frozenset(_MONTHS)
WEEKDAYS = frozenset(map(str.lower, calendar.day_name))
TIME_NOUNS = WEEKDAYS | _set(
    """
    afternoon autumn century day decade evening fall month morning night quarter season spring
    summer time week weekend winter year
    """
)
SPAN_PREPOSITIONS = _set("after before by during from since until")
ADVERBIAL_TIMES = _set("last next now the this today tomorrow tonight yesterday")

_MISSPELT = {
    "what": "waht wat whta wht wot",
    "when": "wehn wen whne",
    "where": "wheer wher",
    "which": "whcih wich",
    "who": "hwo woh",
    "about": "abotu abuot abt bout",
    "they": "tehy thye",
}
MISSPELT = {typed: word for word, forms in _MISSPELT.items() for typed in forms.split()}

CHATTER = re.compile(
    r"^\W*(?:(?:(?:ah|btw|hey|hi|hm+|lol|oh|ok|okay|sorry|thanks|thx|wow)\b[,.!…]*"
    r"|(?:cool|got it|great|i see|interesting|nice|no|right|well|yeah|yes)[,.!…]+)\s*)+(?=\w)"
    r"|\b(?:(?:do|can|could|would) (?:you|u) (?:please )?(?:know|tell me|say)|tell me|please|pls"
    r"|plz|thanks|thank you|thx|okay|ok|hm+)\b[,.!…]*",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"\W*\b(?:(?:and|but|so|or|also|plus)\b\W*)*"
    r"(?:(?:what|how) (?:about|of)\b|same (?:for|with)\b|(?:no\W+)?i meant?\b)?",
    re.IGNORECASE,
)
WHAT_ABOUT = re.compile(r"\W*(?:(?:and|but|so|or)\W+)?(?:what|how) about\b", re.IGNORECASE)
CONTRACTED_IS = re.compile(
    r"\b(?:(who|what|where|when|why|how)['’]?s|(that|it|he|she|there)['’]s)\b", re.IGNORECASE
)
# An earlier follow-up that could only be added: "…, and which judge?".
ADDED_QUESTION = re.compile(
    r"(?:,? and|:) (?:\w+ )?(?:who|whom|whose|what|which|how|when|where|why)\b[^,]*$", re.IGNORECASE
)
# The measure in "how long", "the number of": part of what is asked, not of the subject.
MEASURE = re.compile(
    r"\b(?:how (?:long|old|far|big|large|high|tall|often|fast)|(?:number|amount|share|percentage)"
    r" of|numbers)\b",
    re.IGNORECASE,
)
QUESTION_WORD_TO = re.compile(r"\b(?:how|what|when|where|which|who) to\b", re.IGNORECASE)
# "Why is that?", "when did that happen?", "how come?".
STATEMENT_ASKED = re.compile(
    r"\b(when|where|why|how)"
    r"(?: (?:is|was) (?:that|this)| (?:did|does) (?:it|that|this) happen| so| come)(?: so)?$",
    re.IGNORECASE,
)
# An "it" that refers to a later clause: "is it true that", "how long does it take to".
EXPLETIVE_IT = re.compile(
    r"\b(?:is|isn['’]t|was|wasn['’]t|be) it (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit(?:['’]s| is| was| will be) (?:\w+ly )?\w+(?<!ed) (?:to|that|if|whether)\b"
    r"|\bit (?:takes?|took|costs?)\b.*\bto\b|\btime is it\b|\bit (?:rain|snow)"
    r"|\bit mean (?:for|if|that|to|when)\b|\bis it (?:from|to)\b",
    re.IGNORECASE,
)

_MONTH = "|".join(_MONTHS)
_UNIT = r"days?|weeks?|weekends?|months?|years?|spring|summer|autumn|fall|winter|morning|evening"
_DATE = rf"""
    (?:(?:early|late|mid)[ -])?
    (?: (?:the\ )?\d{{1,2}}(?:st|nd|rd|th)?\ (?:of\ )?(?:{_MONTH})(?:,?\ (?:19|20)\d\d)?
      | (?:{_MONTH})(?:\ \d{{1,2}}(?:st|nd|rd|th)?(?!\d))?(?:,?\ (?:19|20)\d\d)?
      | (?:19|20)\d\d
      | (?:{"|".join(WEEKDAYS)})s?
      | (?:the\ )?(?:last|this|next|past|previous|same|following)\ (?:few\ |\d+\ )?
        (?:{_UNIT}|{_MONTH}|{"|".join(WEEKDAYS)})
      | the\ (?:{_UNIT})\ (?:before|after)
      | (?:\w+\ )(?:{_UNIT})\ ago
      | now|today|yesterday|tomorrow|tonight )
"""
# A time with its preposition; "may" and "march" alone may be verbs.
TIME = re.compile(
    rf"\b(?:(?P<preposition>in|on|at|during|since|until|after|before|by|from)\ )?"
    rf"(?P<time>{_DATE})\b",
    re.IGNORECASE | re.VERBOSE,
)
DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\b")
AMBIGUOUS_MONTHS = _set("march may")

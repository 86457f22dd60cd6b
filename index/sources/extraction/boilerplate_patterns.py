"""Recognizes boilerplate, the blocks of a page around its article, by its wording."""

import re

from index.sources.extraction.site_voice import site_voice

ADVERTISEMENT = "an advertisement"
PICTURE = "a picture or its caption"
NOTICE = "a notice of the site"
# Boilerplate that also appears in the middle of articles.
INTERRUPTIONS = frozenset({ADVERTISEMENT, PICTURE})

# First words of boilerplate, by kind: common to many sites, never specific to one. Each phrase is a
# regular expression that matches whole words.
_BEGINNINGS = {
    "sharing buttons": """
        share, shares, sharing, tweet, facebook, twitter, whatsapp, pinterest, linkedin, reddit,
        instagram, flipboard, telegram, youtube, e-?mail, print, copy link, follow, like (?:us|this)
    """,
    "links to other pages": """
        related, recommended, trending, popular, latest, most (?:read|popular|viewed|recent|shared),
        next, prev, previous, up next, also (?:on|read), don.t miss, best of, top stories,
        (?:read|see|show|view|load) (?:more|also|all), editors?.? picks,
        more(?: from| in| on| news| stories|:), you (?:may|might|should) (?:also|like),
        explore further, in this article, around the web
    """,
    "topics": "tags?, tagged, topics?, category, categories, filed under, posted in, archives?",
    "comments": """
        (?:\\d+ )?comments?, leave a, reply, replies, add a comment, log ?in, sign in,
        (?:(?:view|join) the )?(?:discussion|conversation)
    """,
    "promotion": """
        subscribe, subscriptions?, sign[- ]?up, newsletters?, register, donate, support, want more,
        get (?:the|our|breaking), download (?:the|our), enter your, your e-?mail, stay,
        sponsors?, sponsored, ads? by, adchoices, promoted, paid content, partners?, advertising
    """,
    PICTURE: """
        photos?, images?, pictures?, credits?, getty, videos?, watch, gallery, slideshow,
        (?:media )?caption, file, play, playing, listen, podcasts?, \\d+ (?:of|/) \\d+
    """,
    "credits": """
        by, written by, posted by, author, reporting by, editing by, staff, source, contribut\\w+,
        correspondents?, editors?
    """,
    NOTICE: """
        copyright, ©, all rights reserved, privacy, terms (?:of|and|&), cookies?, contact, about,
        site ?map, help, careers, menu, home, search, skip to, navigation, sections, accessibility,
        disclaimer, faq, rss, our, this (?:site|website), we use, by (?:using|signing|continuing)
    """,
}
_KINDS = tuple(_BEGINNINGS)
_BEGINNING = re.compile(
    r"[^\w©•>►*]*(?:"  # a bulleted line is a list item, not a section heading
    + "|".join(
        f"({'|'.join(phrase.strip() for phrase in phrases.split(','))})"
        for phrases in _BEGINNINGS.values()
    )
    + r")(?!\w)",
    re.IGNORECASE,
)
# In saved text, only the label of an advert is left.
_ADVERTISEMENT = re.compile(
    r"""
    (?: \W* (?: (?:skip\ )?advert(?:isement)?s? | ads? | sponsored(?:\ (?:content|links?))?
      | (?:story|article)\ continues(?:\ below(?:\ advertisement)?)?
      | (?:scroll\ (?:down\ )?to\ )?continue\ reading(?:\ (?:below|the\ main\ story))? )\b
    )+ \W*
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Typical of boilerplate anywhere in a block.
_CREDIT = re.compile(
    r"\b(?:photo|photograph|image|credit|courtesy)\b.{0,5}[:/]|getty images", re.IGNORECASE
)
_NOTICE = re.compile(
    r"""
    © | all\ rights\ reserved | privacy\ policy | terms\ of\ (?:use|service) | javascript
  | newsletters?\b | subscri(?:be|ption) | sign(?:ed)?\ up\b | click\ here | cookies\b
  | e-?mail\ address | your\ (?:e-?mail|inbox|browser)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LINE_CHARS = 150


def boilerplate_kind(text: str, *, sentence: bool) -> str:
    """The kind of boilerplate that a short block is, "" for none.

    The first words do not count in a `sentence`: those of an article may begin with any word.
    """
    if len(text) < _LINE_CHARS:
        if _ADVERTISEMENT.fullmatch(text):
            return ADVERTISEMENT
        begins = None if sentence else _BEGINNING.match(text)
        if begins and begins.lastindex:
            return _KINDS[begins.lastindex - 1]
    if _CREDIT.search(text):
        return PICTURE
    # A line may name a subject of the site; a sentence must be said by the site.
    return NOTICE if site_voice(text) or (not sentence and _NOTICE.search(text)) else ""

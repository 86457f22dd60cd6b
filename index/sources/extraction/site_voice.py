"""Recognizes text in which a site speaks to its readers: consent, offers, appeals and notices.

An article may be about cookies, copyright or newsletters; no single word tells. A site says "we"
and "you", or tells its readers what to do, and does not quote anybody.
"""

import re

from index.sources.extraction.phrase_patterns import phrases

CONSENT = "asks for consent"
OFFER = "offers a subscription"
APPEAL = "asks readers to do something"
COPYRIGHT = "a copyright notice"

_MAX_CHARS = 1_500  # no appeal is longer
_QUOTED = re.compile('“[^”]*”|„[^“”]*[“”]|«[^»]*»|"[^"]*"')
_READER = phrases("""
    you(?:r|rs|rself)?, sie, ihre?[nmr]?, dein\\w*, vous, votre, vos, usted, tus?, sus?, ви,
    ваш\\w*
""")
_SITE = phrases("we, our, us, wir, uns\\w*, nous, nos, notre, nuestr\\w+, nosotros, ми, наш\\w*")
# Sufficient where the reader is addressed.
_CONSENT = phrases("""
    (?:stor\\w+|access) (?:and/or|and|or) (?:access|stor\\w+) information on,
    legitimate interests?, (?:click|agree|consent) to (?:our|the)? ?(?:use|consent|processing),
    we value your privacy,
    (?:withdraw|change|manage|update) (?:your|my) (?:consent|preferences|choices|settings),
    your (?:privacy|cookies?|consent) (?:choices|preferences|settings), your preferences will,
    (?:we|site|website) (?:and our [\\w ]{1,20} )?uses? cookies, (?:accept|reject) (?:all|cookies),
    we and (?:our|selected) [\\w ]{0,12}(?:partners|vendors), our use of cookies,
    with your permission, by (?:continuing|using|clicking|browsing|accepting),
    your (?:consent|browser settings), personali[sz]ed (?:ads|advertising|content),
    wir und unsere partner, ihre einwilligung, wir (?:verwenden|nutzen) cookies, ihre privatsphäre,
    nous et nos partenaires, votre (?:consentement|vie privée), nous utilisons des cookies,
    nosotros y nuestros socios, (?:utilizamos|usamos) cookies, su (?:consentimiento|privacidad),
    ми використовуємо (?:файли )?cookies?, ваш\\w* (?:згод\\w+|конфіденційн\\w+)
""")
# Sufficient in themselves.
_OFFERED = phrases("""
    (?:already|not) (?:yet )?a (?:subscriber|member),
    (?:keep|continue) reading (?:with|for|by|this),
    subscribe (?:now|today|to (?:continue|read|keep|unlock|view)), start your (?:free )?trial,
    (?:log|sign) in (?:or (?:subscribe|register|sign up)|to (?:continue|read|view)),
    (?:to|please) (?:continue|keep) reading, (?:register|sign up) to (?:continue|read|keep),
    (?:article|story|content) is (?:only )?(?:for|available to) [\\w ]{0,20}subscribers,
    (?:article|story|content) is (?:only )?(?:for|available to) [\\w ]{0,20}members,
    (?:article|story|content) is reserved for [\\w ]{0,20}(?:subscribers|members),
    unlock (?:this|the full|all|unlimited),
    you(?:'|’)?(?:ve| have) (?:reached|read|used|\\d+) [\\w ]{0,20}(?:articles?|limit),
    bereits abonnent, jetzt (?:abonnieren|weiterlesen|testen), weiterlesen mit,
    (?:nur|exklusiv) für (?:unsere )?abonnenten, déjà abonné, abonnez-vous, pour lire la suite,
    (?:réservé|reservado) (?:aux|a|para) (?:abonnés|suscriptores|los suscriptores),
    ya eres suscriptor, suscríbe\\w+ (?:para|ahora|y), вже передплатник\\w*,
    оформіть (?:перед)?підписку
""")
_OFFER = phrases("""
    unlimited (?:\\w+ )?access, cancel (?:at )?any ?time, free trial, (?:charge|bill) your,
    (?:per|a|every \\w+) (?:week|month|year)s? until, monatlich kündbar, jederzeit kündbar,
    sans engagement
""")
_APPEAL = phrases("""
    sign(?:ed|ing)? up, subscri(?:be|ption|ptions|ber|bers), newsletters?, click (?:here|on),
    donat\\w+, follow (?:us|me|@?\\w+ (?:\\w+\\W{1,3}){0,8}on (?:twitter|facebook|instagram|x)),
    (?:share|like) (?:it|this), leave a (?:comment|reply),
    (?:your|our) (?:inbox|app|e-?mail\\w*|podcast|channel|readers), register,
    (?:enable|turn on) javascript, support (?:us|our), e-?mail (?:us|address), log in, sign in,
    join us, (?:privacy|cookie) policy, terms of (?:use|service), abonnieren, newsletter,
    melden sie sich, inscrivez-vous, suivez-nous, suscríb\\w+, síguenos,
    підпи(?:шіться|суйтесь|сатися)
""")
_COMMAND = re.compile(
    r"(?:^|[.!?:]\s+)\W*(?:please |so |to |for more[^.]{0,60}, |then )?(?:"
    r"sign up|subscribe|click|follow|share|like|join|get|download|register|donate|support|leave"
    r"|enter"
    r"|visit|e-?mail|contact|enable|turn on|log in|sign in|tap|watch|read more"
    r"|abonnieren|melden|folgen|inscrivez|suivez|abonnez|suscríb\w+|síguenos|підпи\w+)\b",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^\W*(?:[©ⓒ]|\(c\)|copyright\b\W*(?:[©ⓒ]|\(c\)|\d{4}|by\b))|©\s*(?:\d{4}|copyright)"
    r"|\ball rights reserved\b|\bpersonal,? non-?commercial use\b|\balle rechte vorbehalten\b"
    r"|\btous droits réservés\b|\btodos los derechos reservados\b|\bправа захищен",  # noqa: RUF001
    re.IGNORECASE,
)
_COPYRIGHT_LINE = re.compile(
    r"©|^\W*copyright\b.*\b\d{4}\b(?!.*[.!?]\W*$)|" + _COPYRIGHT.pattern, re.IGNORECASE
)
_LINE_WORDS = 12
_APPEAL_WORDS = 60  # a longer text may mention a newsletter
_WORD = re.compile(r"\w+")


def site_voice(text: str) -> str:
    """The reason why `text` is the site's own, "" if it may be an article's."""
    if len(text) > _MAX_CHARS:
        return ""
    said = _QUOTED.sub(" ", text)
    if _OFFERED.search(said) or (_OFFER.search(said) and _READER.search(said)):
        return OFFER
    if _CONSENT.search(said) and (_READER.search(said) or _SITE.search(said)):
        return CONSENT
    words = len(_WORD.findall(text))
    if words >= _APPEAL_WORDS:
        return ""
    if _APPEAL.search(said) and (_SITE.search(said) or _COMMAND.search(said)):
        return APPEAL
    is_line = words < _LINE_WORDS
    return COPYRIGHT if (_COPYRIGHT_LINE if is_line else _COPYRIGHT).search(said) else ""

"""Recognizes pages that a server sends in place of an article, by their titles and little text."""

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

_MAX_LETTERS = 600  # of running text: an article about such a page has more
_MAX_DELAY_S = 30  # until a page that is no article forwards its reader

# What the whole title says, or a part of it beside the site's name.
_TITLES = {
    "a challenge page": r"""
        just a moment | one moment,?\ please | please\ wait | attention\ required!? | ddos-guard | are\ you\ (?:a\ )?(?:robot|human)
      | (?:checking|verifying)\b.* | (?:please\ )?verify\ (?:that\ )?you.* | (?:security|bot|browser)\ (?:check|verification)
      | access\ (?:to\ this\ page\ has\ been\ )?denied | (?:you\ have\ been\ )?blocked | (?:solve\ (?:the|this)\ )?captcha.* | human\ verification
      | pardon\ our\ interruption | (?:nur\ )?einen\ moment(?:\ bitte)? | un\ (?:instant|momento).* | зачекайте.* | client\ challenge
    """,
    "a log-in page": r"""
        (?:please\ )?(?:log|sign)[\ -]?in(?:\ (?:to|or|required|page|with|and)\b.*)? | (?:user\ )?login(?:\ (?:required|page))? | (?:member|subscriber)\ (?:log|sign)[\ -]?in
      | (?:bitte\ )?(?:anmelden|einloggen|anmeldung) | (?:se\ )?connexion | (?:se\ connecter|identifiez-vous|connectez-vous) | iniciar\ sesión | inicia\ sesión | acceder
      | увійти | вхід | авторизація
    """,
    "a not-found page": r"""
        (?:error\ |http\ |fehler\ |erreur\ )?(?:404|410)(?:\W*(?:error|fehler|not\ found|page.*|file.*))? | (?:(?:the|this|your)\ )?(?:requested\ )?(?:page|file|article|url|content|story)?\ ?(?:was\ |could\ )?not(?:\ be)?\ found
      | (?:the|this)?\ ?(?:page|article|content|story)\ (?:(?:does\ not|doesn[’']t)\ exist|(?:is\ )?(?:no\ longer|not)\ available|gone|missing) | (?:oops|sorry)\b.{0,40}
      | (?:die\ )?(?:seite|artikel)?\ ?(?:wurde\ )?nicht\ gefunden | (?:page|article)\ (?:introuvable|non\ trouvée?) | (?:página|artículo)?\ ?no\ encontrad[ao]
      | (?:сторінку|сторінка)?\ ?не\ знайден[оа]
    """,
    "an error page": r"""
        (?:error\ |http\ )?5\d\d(?:\W.*)? | (?:internal\ server|server|application|gateway)\ error | bad\ gateway | gateway\ time-?out | service\ (?:temporarily\ )?unavailable
      | (?:site\ |website\ )?(?:is\ )?(?:down\ for|under|in|scheduled)\ maintenance | (?:error\ )?(?:403|401)(?:\W.*)? | forbidden | unauthori[sz]ed | (?:429\W*)?too\ many\ requests
    """,
    "a redirecting page": r"""
        (?:you\ are\ being\ )?redirect(?:ing|ed)?\b.* | (?:30[1278]\W*)?(?:moved(?:\ permanently|\ temporarily)?|found|object\ moved|document\ moved)
      | (?:weiterleitung|redirection)\b.* | redirigiendo.* | перенаправлення.*
    """,
}
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE | re.VERBOSE) for kind, pattern in _TITLES.items()
}
_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|•»]\s*|[.:!…]+\s*$|[.!…]+\s")
_REFRESH = re.compile(r"\s*(\d+)[\d.]*\s*[;,]\s*url\s*=", re.IGNORECASE)


def page_kind(titles: Iterable[str], article: Iterable[str]) -> str:
    """The kind of a page that is no article, "" for others.

    `titles` are the page's title and headings, `article` the paragraphs that were found.
    """
    if sum(map(len, article)) > _MAX_LETTERS:
        return ""
    parts = [part for title in titles for part in (title, *_PARTS.split(title))]
    return next(
        (kind for kind, title in _KINDS.items() for one in parts if title.fullmatch(one.strip())),
        "",
    )


def forwards(tree: HtmlElement) -> bool:
    """Whether a page takes its reader to another one."""
    return any(
        (found := _REFRESH.match(meta.get("content", ""))) and int(found[1][:4]) <= _MAX_DELAY_S
        for meta in tree.iter("meta")
        if meta.get("http-equiv", "").lower() == "refresh"
    )

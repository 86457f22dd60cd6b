"""Recognizes pages that a server sends in place of an article, by their titles and little text."""

import re
from collections.abc import Iterable, Sequence

from lxml.html import HtmlElement

from index.sources.extraction.phrase_patterns import phrases

_MAX_LETTERS = 600  # of running text: an article about such a page has more
_MAX_FORWARDING = 200  # letters: "If you are not redirected, click here"
_MAX_DELAY_S = 30  # until a page that is no article forwards its reader

# What the whole title says, or a part of it beside the site's name.
_KINDS = {
    "a challenge page": phrases("""
        just a moment, one moment,? please, please wait, attention required, ddos-guard,
        are you a (?:robot|human), (?:checking|verifying) .{1,60},
        (?:please )?verify .{0,20}you .{1,30}, (?:security|bot|browser) (?:check|verification),
        access (?:to this page has been )?denied, (?:you have been )?blocked,
        (?:solve (?:the|this) )?captcha.{0,40}, human verification, pardon our interruption,
        client challenge, (?:nur )?einen moment(?: bitte)?, un (?:instant|momento).{0,20},
        зачекайте.{0,20}
    """),
    "a log-in page": phrases("""
        (?:please )?(?:log|sign)[ -]?in(?: (?:to|or|required|page|with|and) .{1,60})?,
        (?:user |member |subscriber )?log-?in(?: (?:required|page))?,
        you must (?:log|sign) in.{0,40}, (?:bitte )?(?:anmelden|einloggen|anmeldung),
        (?:se )?(?:connexion|connecter), connectez-vous, identifiez-vous, inicia(?:r)? sesión,
        acceder, увійти, вхід, авторизація
    """),
    "a not-found page": phrases("""
        (?:error |fehler |erreur )?(?:404|410)(?: error)?(?:\\W{0,3}(?:page|file|not) .{1,30})?,
        (?:the |this |your )?(?:requested )?(?:(?:page|file|article|content|story) )?not found,
        (?:the )?(?:requested )?(?:page|file|article|url|story) (?:could not be|was not) found,
        (?:die )?(?:(?:seite|artikel) )?(?:wurde )?nicht gefunden,
        (?:the |this )?(?:page|article|content|story) (?:does not|doesn[’']t) exist,
        (?:the |this )?(?:page|article|content|story) (?:is )?(?:no longer|not) available, oops,
        page (?:introuvable|non trouvée), article introuvable,
        (?:(?:página|artículo) )?no encontrad[ao], (?:сторінк[ау] )?не знайдено
    """),  # noqa: RUF001
    "an error page": phrases("""
        (?:error |http )?(?:5\\d\\d|401|403|429)(?:\\W.{0,40})?,
        (?:internal )?(?:server|application) error, bad gateway, gateway time-?out,
        service (?:temporarily )?unavailable, too many requests, forbidden, unauthori[sz]ed,
        (?:(?:site|website) )?(?:is )?(?:down for|under|in) maintenance
    """),
    "a redirecting page": phrases("""
        (?:you are being )?redirect(?:ing|ed)(?: .{0,40})?, (?:30[1278] )?found,
        (?:30[1278] )?(?:object |document )?moved(?: permanently| temporarily)?,
        weiterleitung.{0,30}, redirection.{0,30}, redirigiendo, перенаправлення
    """),
}
_MAX_TITLE = 500  # characters that are looked at
_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|•»]\s*|[.:!…]+\s*$|[.!…]+\s")
_REFRESH = re.compile(r"\s*(\d+)[\d.]*\s*[;,]\s*url\s*=", re.IGNORECASE)


def page_kind(titles: Iterable[str], article: Sequence[str], *, forwards: bool = False) -> str:
    """The kind of a page that is no article, "" for others.

    `titles` are the page's title and headings, `article` the paragraphs that were found; `forwards`
    says whether the page takes its reader to another one.
    """
    letters = sum(map(len, article))
    if forwards and letters < _MAX_FORWARDING:
        return "a redirecting page"
    if letters > _MAX_LETTERS:
        return ""
    short = [" ".join(title[:_MAX_TITLE].split()) for title in titles]
    parts = [part for title in short for part in (title, *_PARTS.split(title))]
    return next(
        (kind for kind, title in _KINDS.items() for one in parts if title.fullmatch(one.strip())),
        "",
    )


def forwards(tree: HtmlElement) -> bool:
    """True if a page takes its reader to another one."""
    return any(
        (found := _REFRESH.match(meta.get("content", ""))) and int(found[1][:4]) <= _MAX_DELAY_S
        for meta in tree.iter("meta")
        if meta.get("http-equiv", "").lower() == "refresh"
    )

"""Forms of English verbs: "ordered" is a form of "order"."""

import re

# Past, participle if it differs, and base form.
_IRREGULAR = """
    ate eaten eat|beat beaten beat|became become become|began begun begin|bent bend|bid bid
    |bit bitten bite|blew blown blow|bought buy|broke broken break|brought bring|built build
    |burnt burn|came come come|cast cast|caught catch|chose chosen choose|cost cost|cut cut
    |did done do|died die|drank drunk drink|drew drawn draw|drove driven drive|fed feed
    |fell fallen fall|felt feel|fled flee|flew flown fly|forbade forbidden forbid
    |forgot forgotten forget|fought fight|found find|froze frozen freeze|gave given give|got get
    |grew grown grow|had have|heard hear|held hold|hid hidden hide|hit hit|hurt hurt|kept keep
    |knew known know|laid lay|led lead|left leave|lent lend|let let|lied lie|lost lose|made make
    |meant mean|met meet|overtook overtaken overtake|owed owe|paid pay|put put|quit quit
    |ran run run|rang rung ring|read read|rode ridden ride|rose risen rise|said say|sang sung sing
    |sank sunk sink|sat sit|saw seen see|sent send|set set|shook shaken shake|shot shoot|shut shut
    |slept sleep|sold sell|sought seek|spent spend|split split|spoke spoken speak|spread spread
    |stole stolen steal|stood stand|struck strike|stuck stick|sued sue|swam swum swim
    |swore sworn swear|taught teach|thought think|threw thrown throw|tied tie|told tell
    |took taken take|understood understand|went gone go|withdrew withdrawn withdraw
    |woke woken wake|won win|wore worn wear|wrote written write
"""
_FORMS = [forms.split() for forms in _IRREGULAR.split("|")]
_BASE = {form: base for *past, base in _FORMS for form in past}
_PARTICIPLES = {past[-1] for *past, _ in _FORMS} | {"been", "being", "born"}
_PRESENT = {"has": "have", "is": "be"}

# The base forms end in "e": "clos-ed", "announc-ed", "chang-ed", "settl-ed", "hop-ed".
_NEEDS_E = re.compile(
    r"""(?:
        [ceuvz] | [^aeioulr]l | [aeio]s | [^oc]us | [nr]s             # use, cause, rinse
      | (?:[aeiou]|[dr]|[ae]n)g | (?:[^e]|cre)at | [lp]et | (?<![aeiou])[aiou]d
      | [iu]r | (?<![aeiou])ar | (?:pl|gn|st|sc)or                   # require, compare, explore
      | ^[^aeiou]*[aeiou][^aeiouwxy]                                 # hope
    )$""",
    re.VERBOSE,
)
_DOUBLED = re.compile(r"([bdgmnprt])\1$")


def base_form(verb: str) -> tuple[str, bool]:
    """The base form of a verb of the third person, and whether `verb` is a past form."""
    if verb in _BASE:
        return _BASE[verb], True
    if verb.endswith("ed") and len(verb) > len("bed"):
        return _base_of_past(verb), True
    return _PRESENT.get(verb, _base_of_present(verb)), False


def _base_of_past(verb: str) -> str:
    stem = verb[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y"
    if _DOUBLED.search(stem):
        return stem[:-1]
    return f"{stem}e" if _NEEDS_E.search(stem) else stem


def _base_of_present(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return re.sub(r"(?:(?<=ss)|(?<=sh)|(?<=ch)|(?<=[xo])|(?<=zz))es$|(?<![su])s$", "", verb)


def is_participle(verb: str) -> bool:
    """True if a word has the form of a past participle, or of a present one."""
    return verb in _PARTICIPLES or bool(re.search(r"\w{2}(?:ed|ing)$", verb))

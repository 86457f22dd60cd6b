"""Sentences by their offsets."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.analysis.languages import LANGUAGES
from index.analysis.sentences import split_sentences


def test_abbreviations_decimals_and_quotations_do_not_end_a_sentence() -> None:
    text = (
        'Mr. Orrin of the U.S. Senate paid $1.5 million on Jan. 5. "It is done. We know it," '
        "he said. Nobody else did."
    )
    assert [span.of(text) for span in split_sentences(text)] == [
        "Mr. Orrin of the U.S. Senate paid $1.5 million on Jan. 5.",
        '"It is done. We know it," he said.',
        "Nobody else did.",
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        # abbreviations, dates and initials within a sentence; "|" is where one ends
        ("en", "The pool opens at 7 a.m. Tuesday in Eldholm.| Bring a towel."),
        ("en", "It starts at 8 p.m. CET on the quay."),
        ("en", "Gates close at 11 p.m. sharp, the club said."),
        ("en", "The crane cost approx. 7.5 million crowns.| Nobody paid."),
        ("en", "It holds max. 40 cars and was built c. 1890, see vol. 3 and p. 12.| It leaks."),
        ("en", "Berg et al. [1998] counted the seals.| Few were left."),
        ("en", "Lind et al. (2011) disagree.| They saw more."),
        ("en", "Berth No. 7 in St. Olave lies empty.| The harbour master shrugged."),
        ("en", "Sen. Lind met U.S. officials and Gov. Ray.| They ate."),
        ("en", "Some boats, e.g. trawlers, left.| Others, i.e. Norse ones, stayed."),
        ("en", "Mr. Lind thanked Dr. Moe and Mrs. Berg.| All clapped."),
        ("en", "T. S. Lindqvist wrote it.| John F. Moe read it."),
        ("en", "Lindqvist Inc. said so.| It was Eldholm vs. Norvik again."),
        ("en", "“Why?!” she asked.| “Because!” he shouted."),
        ("en", "It was … and is … a fine quay.| We waited… and left."),
        ("en", "The dept. of fisheries met.| It was brief."),
        ("en", "Norvik stopped the ferry in October.| has since sold it."),
        ("en", "1. Fill the tank.| 2. Start the pump."),
        ("de", "Die Saison beginnt am 4. Oktober und endet am 1. Mai.| Dann ruht der Hafen."),
        ("de", "Im 17. Jahrhundert brannte die Werft.| Der 2. Neubau hielt."),
        ("de", "Sie feierte ihren 80. Geburtstag.| Alle kamen."),
        ("de", "Das gilt z. B. für Dr. Moe und Frl. Lind.| Sie nickten."),
        ("de", "Das Boot fasst ca. 30 Leute, mind. Acht fuhren mit.| Es war voll."),
        ("de", "„Wirklich?“, fragte sie.| „Ja.“ | Dann ging sie."),
        ("es", "El Sr. Lind y la Sra. Moe viajaron a EE. UU. con su hija.| Volvieron pronto."),
        ("es", "Costó aprox. 3 millones, p. ej. en grúas.| Nadie pagó."),
        ("es", "Zarpa a las 9 a. m. del lunes.| Vuelve el martes."),
        ("fr", "M. Lind et Mme. Moe sont partis.| Le quai est vide."),
        ("fr", "Cela coûte env. 5 millions.| « Pourquoi ? » demanda-t-elle."),
        ("fr", "J.-P. Lind a écrit à Mgr. Moe.| Il attend."),
        ("uk", "Це т. зв. старий причал.| Він порожній."),
        ("uk", "Так каже ст. 7 статуту.| Інших правил немає."),
        ("uk", "І. Линда бачили на вул. Портовій.| Він мовчав."),
        ("uk", "«Навіщо?» — спитала вона.| Ніхто не знав."),
        # the same at the end of one
        ("en", "She works in the U.S.| The law is older there."),
        ("en", "The ship left at 9 p.m.| The crowd went home."),
        ("en", "It was 5 a.m.| Divers came."),
        ("en", "He runs Lindqvist Inc.| The firm is small."),
        ("en", "Was it closed?| No.| It was open."),
        ("en", "They sold nets, ropes, etc.| The shop is gone."),
        ("en", "It was built in 1998.| Norvik paid."),
        ("en", "Take vitamin C.| It helps."),
        ("de", "Er kam am 5.| Sie ging am 6.| Danach war Ruhe."),
        ("de", "Das war 2004.| Norvik zahlte."),
        ("de", "Es gab Netze, Taue usw.| Der Laden ist zu."),
        ("de", "Es endete 2:1.| Norvik feierte."),
        ("es", "Vive en EE. UU.| La ley es otra."),
        ("es", "Venden redes, cabos, etc.| El muelle cerró."),
        ("fr", "Ils vendent des filets, etc.| Le quai est fermé."),
        ("fr", "Il fallait un plan B.| Puis il a plu."),
        ("uk", "Це сталося у 2004 р.| Потім місто росло."),
        ("uk", "Квиток коштує 90 грн.| Це дорого."),
        # other full stops
        ("en", "नाव गई।| वह लौटी।"),
        ("en", "船走了。|它回来了。"),
    ],
)
def test_sentence_ends(language: str, text: str) -> None:
    sentences = [sentence.strip() for sentence in text.split("|")]
    plain = text.replace("|", "")
    assert [span.of(plain) for span in split_sentences(plain, language)] == sentences


@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
@example("Dr. Lind e.g. 5. a.m. ET … [“a. Б. 1. é", "uk")
def test_every_visible_character_is_in_one_sentence(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join("".join(span.of(text) for span in spans).split()) == "".join(text.split())

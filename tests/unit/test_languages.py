"""Coverage and questions in several languages: how each is told, analyzed and answered."""

import datetime as dt
from collections.abc import Sequence

import pytest

from bot import phrases
from index.analysis.analyzer import Analyzer
from index.analysis.languages import LANGUAGES, language_of_article, languages_of_question
from index.answers.pipeline import answer
from index.model import Answer, Article, Outcome
from index.queries.follow_up.resolution import resolve_follow_up
from index.queries.parsing import parse_question
from index.retrieval.embedded.searcher import Searcher

TODAY = dt.date(2024, 3, 6)
COVERAGE = {
    "en": [
        "Norvik opened its observatory on Tuesday, said director Ruth Calder.",
        "The telescope cost 9 million crowns and weighs 40 tonnes.",
    ],
    "de": [
        "Norvik baut eine Seilbahn auf den Kahlen Berg, sagte Stadträtin Karla Winter am Montag.",
        "Die Anlage kostet 12 Millionen Euro, ein Drittel davon zahlt das Land.",
        "Eröffnet wird sie am 3. Juni 2025, und die Fahrt dauert neun Minuten.",
        "Für die Trasse müssen 140 Buchen gefällt werden.",
    ],
    "es": [
        "El tranvía de Norvik comenzó a circular el lunes entre el puerto y la estación.",
        "La obra costó 85 millones de euros y duró cuatro años.",
        "La alcaldesa Lucía Ferrer inauguró la línea ante dos mil vecinos.",
    ],
    "fr": [
        "La mine de Norvik fermera en décembre, a annoncé la direction lundi.",
        "Quelque 420 mineurs perdront leur emploi.",
        "La dépollution du site coûtera 60 millions de couronnes.",
    ],
    "uk": [
        "У Норвіку відкрили нову бібліотеку, повідомила директорка Олена Гнатюк.",
        "Будівництво коштувало 18 мільйонів гривень і тривало три роки.",
        "Під час шторму рятувальники евакуювали двох людей.",
    ],
}


def searcher(*languages: str) -> Searcher:
    """The articles in those languages, one each."""
    return Searcher.of(
        (Article(one, "Norvik", "Post", "", "2024-03-05", "", brief=False, paragraphs=4), texts)
        for one, texts in COVERAGE.items()
        if one in languages
    )


IN_ONE = {language: searcher(language) for language in LANGUAGES}
IN_ALL = searcher(*LANGUAGES)


def ask(coverage: Searcher, question: str) -> Answer:
    return answer(coverage, question, top=3, asked_on=TODAY)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Квиток на паром коштує 90 крон.", "uk"),
        ("Die Fähre fährt nicht.", "de"),
        ("El barco no zarpa.", "es"),
        ("Le bac ne part pas.", "fr"),
        ("The ferry is late.", "en"),
    ],
)
def test_short_texts_tell_their_language(text: str, language: str) -> None:
    assert language_of_article("", [text]) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_tell_their_language(language: str) -> None:
    assert language_of_article("", COVERAGE[language]) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4 : 2, 17 : 9, 33",
        "De veerboot naar het eiland vaart niet meer, en dat is voor de bewoners een ramp.",
        "Il traghetto non è più in servizio, e il sindaco della città ha chiesto una nave.",
        "O ferry não navega mais, e os moradores pedem uma solução ao governo da ilha.",
        "Паром больше не ходит, и это беда для жителей, потому что другого пути у них нет.",
        "Prom już nie pływa, a to jest dla mieszkańców problem, którego nie da się rozwiązać.",
        "Färjan går inte längre, och det är ett problem för dem som bor på ön.",
        "Los Angeles, La Paz and Las Vegas were among the cities that the mayor of Norvik named.",
        "Ursula von der Linde and Charles de Norvik, she of the port and he of the mine, met.",
    ],
)
def test_other_articles_count_as_english(text: str) -> None:
    assert language_of_article("", [text]) == "en"


@pytest.mark.parametrize(
    ("question", "covered", "likely"),
    [
        ("How much was it?", ["en"], ["en"]),
        ("How much was it?", ["de", "fr"], ["en"]),
        ("Was kostete das Teleskop?", ["en"], ["de"]),
        ("Combien coûte le télescope ?", ["en"], ["fr"]),
        ("¿Cuánto pesa?", ["en", "de"], ["es"]),
        ("Скільки важить?", ["en"], ["uk"]),
        ("Ruth Calder", ["de", "en"], ["de", "en"]),
        ("Ursula von der Linde", ["en"], ["en"]),
        ("Maria de la Cruz arrest", ["en"], ["en"]),
        ("Comment on the mine", ["en"], ["en"]),
        ("Qui-Lan Moe?", ["en"], ["en"]),
        ("What did Michelle Wie and Perry Como say in Los Angeles?", ["en"], ["en"]),
        ("Wen Jiabao in Norvik", ["en"], ["en"]),
        ("WIE VIEL KOSTET DIE ANLAGE", ["en"], ["de"]),
        ("¿Quiénes son?", ["en"], ["es"]),
        ("Qui paie ?", ["en"], ["fr"]),
        ("In welchem Jahr wurde sie gebaut?", ["en"], ["de"]),
        ("Яка ціна квитка?", ["en"], ["uk"]),
        ("Ціна?", ["en"], ["uk"]),
        ("Hoeveel kost het en wie betaalt dat voor ons?", ["en"], ["en"]),
        ("Die Hard remake", ["en"], ["en"]),
        ("Ruth Calder?", [], ["en"]),
    ],
)
def test_language_of_a_question(question: str, covered: list[str], likely: list[str]) -> None:
    assert languages_of_question(question, covered) == likely


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Brücke Brücken Bruecke brucken"),
        ("de", "kostet kosten kostete gekostet"),
        ("de", "lobte gelobt lobten"),
        ("de", "öffnet geöffnet öffnen"),
        ("de", "Gericht Gerichte Gerichts"),
        ("es", "reparación reparacion reparaciones"),
        ("es", "costó costo costaron"),
        ("fr", "coûté coute coûtait coûtera"),
        ("fr", "annoncée annoncee annoncées annoncé"),
        ("uk", "міст мосту мостом мости"),
        ("uk", "коштував коштує коштуватиме коштувало"),
        ("uk", "Київ Києва Києві"),
        ("uk", "відкрився відкрив відкрили"),
    ],
)
def test_forms_of_a_word_are_one_term(language: str, words: str) -> None:
    assert len({*Analyzer(language).terms(words)}) == 1


def test_a_word_may_be_a_stop_word_in_one_language_only() -> None:
    assert Analyzer("de").terms("die über Uber") == ["uber"]
    assert Analyzer("en").terms("die") == ["die"]


@pytest.mark.parametrize(
    ("language", "text", "terms"),
    [
        ("fr", "Qu’a-t-il dit aujourd’hui de l’usine, y a-t-il d’autres usines ?", 4),
        ("uk", "П'ять м’ячів з-під столу", 3),
        ("de", "Die E-Mail der U-Bahn", 2),
    ],
)
def test_hyphens_and_apostrophes_join_as_in_the_language(
    language: str, text: str, terms: int
) -> None:
    assert len(Analyzer(language).terms(text)) == terms


def test_a_number_is_the_same_term_in_all_languages() -> None:
    found = {(*Analyzer(one).terms("2 17 31.000.000 40% 2,5"),) for one in LANGUAGES}
    assert len(found) == 1


QUESTIONS = [
    ("de", "Was kostet die Anlage?", "12 Millionen"),
    ("de", "Wie viel kostet die Anlage?", "12 Millionen"),
    ("de", "Bitte sag mir, wie lange die Fahrt dauert", "neun Minuten"),
    ("de", "Wann wird sie eröffnet?", "3. Juni"),
    ("de", "Wie viele Buchen werden gefällt?", "140"),
    ("es", "¿Cuánto costó la obra?", "85 millones"),
    ("es", "hola, cuanto costo la obra por favor?", "85 millones"),
    ("es", "¿Quién inauguró la línea?", "Ferrer"),
    ("es", "¿Cuándo comenzó a circular el tranvía?", "el lunes"),
    ("fr", "Combien coûtera la dépollution ?", "60 millions"),
    ("fr", "combien coute la depollution", "60 millions"),
    ("fr", "Combien de mineurs perdront leur emploi ?", "420"),
    ("fr", "Quand est-ce que la mine fermera ?", "décembre"),
    ("uk", "Скільки коштувало будівництво?", "18"),
    ("uk", "Скільки людей евакуювали?", "двох"),
    ("uk", "Хто повідомив про бібліотеку?", "Гнатюк"),
    ("en", "How much did the telescope cost?", "9 million"),
]


@pytest.mark.parametrize("coverage", [IN_ONE, None], ids=["alone", "among others"])
@pytest.mark.parametrize(("language", "question", "found"), QUESTIONS)
def test_questions_are_answered_in_their_language(
    coverage: dict[str, Searcher] | None, language: str, question: str, found: str
) -> None:
    given = ask(coverage[language] if coverage else IN_ALL, question)
    assert found in given.hits[0].passage.text
    assert (given.answered, given.unmatched) == (True, ())
    assert (given.language, given.language_mismatch) == (language, False)


def test_languages_of_the_coverage_are_most_frequent_first() -> None:
    articles = [*(("fr", 2) for _ in range(2)), ("en", 1), ("de", 1)]
    found = Searcher.of(
        (Article(str(at), "", "", "", "", "", brief=False, paragraphs=4), COVERAGE[language])
        for at, (language, _) in enumerate(articles)
    )
    assert found.languages == ["fr", "en", "de"]
    assert ask(found, "Norvik?").coverage_languages == ("fr", "en", "de")


@pytest.mark.parametrize(
    ("question", "language", "said"),
    [
        ("¿Quién es Ruth Calder?", "es", "Los artículos están en inglés"),
        ("Qui est Ruth Calder ?", "fr", "Les articles sont en anglais"),
        ("Wer ist denn Ruth Calder?", "de", "Die Artikel sind auf Englisch"),
        ("Хто така Ruth Calder?", "uk", "Мова статей: англійська"),
    ],
)
def test_question_in_another_language_is_told_so_in_it(
    question: str, language: str, said: str
) -> None:
    given = ask(IN_ONE["en"], question)
    assert (given.language, given.language_mismatch) == (language, True)
    assert given.hits[0].passage.text == COVERAGE["en"][0]
    assert said in phrases.verdict(given)
    assert "Ruth" not in phrases.verdict(given)


def test_names_and_numbers_are_found_in_another_language() -> None:
    for question, found in (("Who is Karla Winter?", 0), ("What costs 12 million?", 1)):
        given = ask(IN_ONE["de"], question)
        assert given.language_mismatch
        assert given.hits[0].passage.text == COVERAGE["de"][found]
    assert ask(IN_ONE["de"], "How heavy is the cable car?").outcome is Outcome.ABSENT


@pytest.mark.parametrize("text", ["Hallo, guten Morgen!", "¡Hola!", "Merci !", "Привіт", "Danke"])
def test_greetings_in_any_language_are_small_talk(text: str) -> None:
    assert ask(IN_ONE["en"], text).small_talk


@pytest.mark.parametrize(
    ("language", "previous", "question", "expected"),
    [
        ("de", "Was kostet die Anlage?", "Und wann?", "Und wann: kostet die Anlage?"),
        ("de", "Was kostet die Anlage?", "Wer ist Winter?", "Wer ist Winter?"),
        ("de", "Was kostet die Anlage?", "Und wer ist Winter?", "Und wer ist Winter?"),
        ("de", "Was kostet die Anlage?", "und wie lange?", "Und wie lange: kostet die Anlage?"),
        ("de", "Und wann: kostet die Anlage?", "Und wo?", "Und wo: kostet die Anlage?"),
        (
            "de",
            "Was kostet die Anlage?",
            "Und in Bergen?",
            "Was kostet die Anlage, und in Bergen?",
        ),
        (
            "de",
            "Was kostet die Anlage? source:Post",
            "Und wann?",
            "Und wann: kostet die Anlage? source:Post",
        ),
        ("es", "¿Cuánto costó la obra?", "¿Y por qué?", "¿Y por qué: costó la obra?"),
        (
            "fr",
            "Combien coûtera la dépollution ?",
            "Et quand ?",
            "Et quand: coûtera la dépollution?",
        ),
        ("uk", "Скільки коштувало будівництво?", "А чому?", "А чому: коштувало будівництво?"),
        ("uk", "Скільки коштувало будівництво?", "Хто такий Гнатюк?", "Хто такий Гнатюк?"),
    ],
)
def test_follow_ups_in_each_language(
    language: str, previous: str, question: str, expected: str
) -> None:
    assert resolve_follow_up(IN_ONE[language], question, previous) == expected


def test_ties_go_to_the_language_of_the_question() -> None:
    for language, question in (
        ("de", "Was sagt ihr über Norvik?"),
        ("fr", "Qu’est-ce qui se passe à Norvik ?"),
        ("es", "¿Qué pasa en Norvik?"),
    ):
        assert parse_question(IN_ALL, question, TODAY).language == language
        assert ask(IN_ALL, question).hits[0].passage.text in COVERAGE[language]


class _Reader:
    """A reader that likes every passage."""

    max_passages = 8

    def read(self, question: str, passages: Sequence[str], *, deadline: float) -> list[float]:
        assert question
        assert deadline
        return [1.0] * len(passages)


@pytest.mark.parametrize(
    ("coverage", "question", "passages"),
    [
        (IN_ONE["en"], "What did the telescope cost?", 2),
        (IN_ALL, "What did the telescope cost?", 8),
        (IN_ALL, "Was kostet die Anlage?", 0),
        (IN_ONE["de"], "Was kostet die Anlage?", 0),
        (IN_ONE["de"], "Who is Karla Winter?", 0),
    ],
)
def test_only_english_is_read(coverage: Searcher, question: str, passages: int) -> None:
    given = answer(coverage, question, top=3, readers=[_Reader()])
    assert given.passages_read == passages

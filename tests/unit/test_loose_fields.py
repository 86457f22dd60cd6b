"""Details as other tools write them; an odd field costs itself only."""

import datetime as dt
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import MEMORY, CoverageWarning, ExtractedArticle, Source, open_engine
from index.sources.details import Details, read_date
from index.sources.extraction.markdown import read_markdown
from index.sources.jsonl import JsonlReader
from index.sources.loose_fields import read_details
from index.sources.reader import ItemContext

BODY = "The ferry of Eldholm sails at nine from the old quay."


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": 1984}, Details(title="1984")),
        ({"Title": "Piers", "Author": "Ada"}, Details(title="Piers", author="Ada")),
        ({"author": ["[[Ada Berg]]", None, "Bo"]}, Details(author="Ada Berg, Bo")),
        ({"authors": [{"name": "Ada"}, {"name": "Bo"}]}, Details(author="Ada, Bo")),
        ({"byline": "By [Ada](https://a.example/ada)"}, Details(author="Ada")),
        ({"author": "[[people/Ada Berg|A. Berg]]"}, Details(author="A. Berg")),
        ({"author": "[[people/Ada Berg]]"}, Details(author="Ada Berg")),
        ({"source": "https://a.example/7"}, Details(url="https://a.example/7")),
        ({"source": "[Piers](https://a.example/7)"}, Details(url="https://a.example/7")),
        ({"source": "Eldholm Post"}, Details(publisher="Eldholm Post")),
        ({"site": "https://www.post.example/news"}, Details(publisher="post.example")),
        ({"publisher": {"name": "Eldholm Post"}}, Details(publisher="Eldholm Post")),
        ({"source_url": "https://a.example", "site-name": "Post"}, Details(publisher="Post", url="https://a.example")),
        ({"published": dt.datetime(2024, 3, 5, 8, tzinfo=dt.UTC)}, Details(published="2024-03-05")),
        ({"created": "2024-03-06", "date": "5 March 2024"}, Details(published="2024-03-05")),
        ({"created": "2024-03-06"}, Details(published="2024-03-06")),
        ({"published": "", "date": "2024-03"}, Details(published="2024-03")),
        ({"id": 7.5, "brief": "yes"}, Details(id="7.5", brief=True)),
        ({"url": "ferry/7"}, Details(url="ferry/7")),
        ({"tags": ["a"], "link": "about"}, Details()),
    ],
)  # fmt: skip
def test_fields_of_other_tools(fields: dict[str, object], expected: Details) -> None:
    details, _, odd_fields = read_details(fields)
    assert details == expected
    assert odd_fields == ()


@pytest.mark.parametrize(
    ("fields", "odd"),
    [
        ({"title": ["a"]}, "'title' is ignored; it must be text"),
        ({"title": float("nan")}, "'title' is ignored; it must be text"),
        ({"author": [[1]]}, "'author' is ignored; it must be a name, or a list of names"),
        ({"published": "soon"}, "'published' is ignored; it must be a date like 2020-11-12"),
        ({"published": "2024-13-45"}, "'published' is ignored; it must be a date like 2020-11-12"),
        ({"url": ["a"]}, "'url' is ignored; it must be an address"),
        ({"brief": "perhaps"}, "'brief' is ignored; it must be true or false"),
    ],
)
def test_an_odd_field_is_named_and_the_others_count(fields: dict[str, object], odd: str) -> None:
    assert read_details({**fields, "id": "a"}) == (Details(id="a"), (), (odd,))


def test_unknown_keys_are_as_written() -> None:
    assert read_details({"Titel": "a", 1: "b", "Site Name": "c"}).unknown_keys == ("Titel", "1")


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024/03/05", "2024-03-05"),
        ("2024-3-5 10:11", "2024-03-05"),
        ("20240305", "2024-03-05"),
        ("05.03.2024", "2024-03-05"),
        ("5. März 2024", "2024-03-05"),
        ("Tuesday, March 5th, 2024 at 9:30 AM", "2024-03-05"),
        ("Tue, 05 Mar 2024 10:11:12 -0000", "2024-03-05"),
        ("1er mars 2024", "2024-03-01"),
        ("5 de marzo de 2024", "2024-03-05"),
        ("5 березня 2024", "2024-03-05"),
        ("Sept. 5, 2024", "2024-09-05"),
        ("03/05/2024", ""),  # May or March
        ("5 Ferry 2024", ""),
        ("March 5, 0001", ""),
        ("no. 120240305", ""),
    ],
)
def test_dates_as_they_are_written(written: str, iso: str) -> None:
    assert read_date(written) == iso


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: Piers\nsource: "https://a.example/7"\nauthor:\n  - "[[Ada]]"\n---\n',
        "---\r\ntitle: Piers\r\nurl: https://a.example/7\r\nauthor: Ada\r\n...\r\n",
        '+++\ntitle = "Piers"\nurl = "https://a.example/7"\nauthors = ["Ada"]\n+++\n',
        '{\n"title": "Piers",\n"link": "https://a.example/7", "author": {"name": "Ada"}}\n\n',
    ],
)  # fmt: skip
def test_front_matter(front: str) -> None:
    page = read_markdown(f"{front}{BODY}")
    assert (page.title, page.url, page.author) == ("Piers", "https://a.example/7", "Ada")
    assert page.paragraphs == (BODY,)
    assert page.problems == ()


@pytest.mark.parametrize(
    ("front", "title", "problem"),
    [
        ("title: Piers: a plan", "Piers: a plan", "its front matter is not valid YAML (line 2)"),
        ('title: "a"b\nid: "x', 'a"b', "its front matter is not valid YAML (line 2)"),
        ("id: x\ntitle: [Update] Piers", "[Update] Piers", "is not valid YAML (line 3)"),
        ("title: [", "", "is not valid YAML"),
        ("title: !!python/object:os.system x", "!!python/object:os.system x", "is not valid YAML"),
        ("title: Piers\npublished: 2020-13-45", "Piers", "is not valid YAML"),
        ("title: Piers\nauthor: [[1]]", "Piers", "in its front matter, 'author' is ignored"),
        ("title: Piers\na: " + "[" * 600 + "]" * 600, "Piers", "is not valid YAML"),
        ("title: " + "a" * 20_000, "", "it is longer than 20,000 characters"),
    ],
)
def test_odd_front_matter_costs_no_article(front: str, title: str, problem: str) -> None:
    page = read_markdown(f"---\n{front}\n---\n{BODY}")
    assert page.title == title
    assert page.paragraphs == (BODY,)
    assert problem in page.problems[0]
    assert "\n" not in page.problems[0]


def test_broken_toml_is_read_field_by_field() -> None:
    page = read_markdown(f'+++\ntitle = "Piers"\nauthor = Ada\n+++\n{BODY}')
    assert (page.title, page.author, page.paragraphs) == ("Piers", "Ada", (BODY,))
    assert page.problems == ("its front matter is not valid TOML (line 3); fix it",)


@pytest.mark.parametrize(("mark", "sign"), [("---", ":"), ("+++", " =")])
def test_front_matter_without_an_end(mark: str, sign: str) -> None:
    page = read_markdown(f"{mark}\ntitle{sign} 'Piers'\n\n{BODY}")
    assert (page.title, page.paragraphs) == ("Piers", (BODY,))
    assert page.problems == (f"its front matter is not closed; end it with {mark}",)


@pytest.mark.parametrize("text", ['{"a": 1}\nOne.', "{One.", "+++\nOne.", "+++\n\nOne.\n\n+++\n"])
def test_what_only_looks_like_front_matter_is_text(text: str) -> None:
    assert "One." in " ".join(read_markdown(text).paragraphs)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("The ==old== quay of [[Eldholm|the town]] cost ~~30~~ 31 crowns[^1].",
         ("The old quay of the town cost 31 crowns.",)),
        ("One.\n\n[^1]: Budget, page 12.", ("One.",)),
        ("> [!quote] The mayor\n> Two years.\n\n> [!note]\n> Three.", ("Two years.", "Three.")),
        ("- [ ] One\n- [x] Two", ("One", "Two")),
        ("One.\n\n    Two, indented.", ("One.", "Two, indented.")),
        ("One.\n\n```\ncode\n```\n\nTwo. ^a1", ("One.", "Two.")),
        ("<div><p>One.</p>\n<p>Two.</p><script>x()</script></div>\n\nThree.",
         ("One.", "Two.", "Three.")),
        ("| Lane | Opens |\n|---|---|\n| Lorries | 6 May |", ("Lane Opens", "Lorries 6 May")),
        ("One %%a remark%% two. ![[a.png]]", ("One two.",)),
        ("a == b and c == d, [1]", ("a == b and c == d, [1]",)),
    ],
)  # fmt: skip
def test_what_note_taking_tools_add_is_shown_as_they_show_it(
    text: str, paragraphs: tuple[str, ...]
) -> None:
    assert read_markdown(text).paragraphs == paragraphs


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"text": "One.", "score": NaN}', ("", "")),
        ('{"text": "One.", "title": 5, "author": [{"name": "Ada"}, null]}', ("5", "Ada")),
        ('{"text": "One.", "title": {"x": 1}, "author": "Ada"}', ("", "Ada")),
        ('{"text": "One.", "title": "\\ud800"}', ("\ud800", "")),
    ],
)
def test_an_odd_field_of_an_archive_costs_itself(line: str, expected: tuple[str, str]) -> None:
    [page] = JsonlReader().read(io.BytesIO(line.encode()), ItemContext("a.jsonl"))
    assert isinstance(page, ExtractedArticle)
    assert (page.title, page.author) == expected
    assert page.paragraphs == ("One.",)


async def test_an_odd_field_is_a_warning_once(folder: Path) -> None:
    (folder / "a.md").write_text(f"---\ntitle: Ferry: nine\nauthor: Ada\n---\n{BODY}")
    (folder / "b.jsonl").write_text(json.dumps({"text": BODY, "published": "soon"}))
    async with open_engine(MEMORY, [Source(str(folder))]) as engine:
        done = await engine.reindex()
        assert (done.added, done.skipped) == (2, ())
        assert done.warnings == (
            CoverageWarning(
                str(folder / "a.md"), "its front matter is not valid YAML (line 2); fix it"
            ),
            CoverageWarning(
                str(folder / "b.jsonl"),
                "'published' is ignored; it must be a date like 2020-11-12",
            ),
        )
        assert (await engine.reindex()).warnings == ()


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["id", "title", "author", "date", "url", "x"]), values))
def test_any_fields_are_read(fields: dict[str, object]) -> None:
    details, _, odd_fields = read_details(fields)
    details.apply_to(ExtractedArticle(()))
    assert all("\n" not in odd for odd in odd_fields)


@given(st.text(st.sampled_from("-+{}[]:=\"' \na!&*>|#."), max_size=80))
def test_any_front_matter_is_read(front: str) -> None:
    for opened, closed in (("---\n", "\n---\n"), ("+++\n", "\n+++\n"), ("{", "}\n")):
        assert BODY in " ".join(read_markdown(f"{opened}{front}{closed}{BODY}").paragraphs)

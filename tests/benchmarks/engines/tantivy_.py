"""tantivy, with one thread for writing and one segment."""

from pathlib import Path

import tantivy

from benchmarks.collection import Collection
from benchmarks.engines import Search


def build(collection: Collection, folder: Path) -> None:
    """Index passages."""
    index = tantivy.Index(_schema(), str(folder))
    writer = index.writer(heap_size=1_000_000_000, num_threads=1)
    for position, text in enumerate(collection.texts()):
        writer.add_document(tantivy.Document(text=text, position=position))
    writer.commit()
    writer.wait_merging_threads()


def open_index(folder: Path) -> Search:
    """The best passages, without counting all that match."""
    index = tantivy.Index(_schema(), str(folder))
    searcher = index.searcher()

    def search(terms: list[int], k: int) -> list[int]:
        query = index.parse_query(" ".join(map(str, terms)), ["text"])
        hits = searcher.search(query, k, count=False).hits
        return [searcher.doc(address)["position"][0] for _, address in hits]

    return search


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("position", stored=True)
    return builder.build()

"""First-stage retrieval: from the terms of a query to candidate passages.

`retriever.py` is the seam that queries and answers see; `filters.py` parses and applies the filters
of a question. `embedded/` implements the seam over index files and SQLite; `bm25/` ranks.
"""

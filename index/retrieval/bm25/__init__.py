"""BM25 (rank-bm25's Okapi) over posting lists: inversion, weights, and top-k search."""

"""rank-bm25's Okapi over posting lists: how these are made, and read."""

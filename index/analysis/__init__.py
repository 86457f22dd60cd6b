"""Text analysis: tokens, stems, synonyms, term ids, and the arrays that store them."""

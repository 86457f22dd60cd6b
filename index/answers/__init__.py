"""Which passages answer, which of their sentences, how surely, and how they are cited."""

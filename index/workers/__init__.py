"""Child processes that run Python: starting and ending them, and the search worker."""

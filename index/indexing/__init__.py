"""From the sources to the store, and from the store to the index file."""

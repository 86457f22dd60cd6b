"""The embedded retriever: snapshots of the index in memory-mapped files, and their documents."""

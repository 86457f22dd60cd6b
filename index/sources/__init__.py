"""Reading coverage: files, folders and addresses in, articles out."""

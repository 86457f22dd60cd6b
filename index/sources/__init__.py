"""Reading coverage: files, folders and web addresses in, articles out."""

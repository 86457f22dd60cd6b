"""The commands of the command line, one module each, so that each imports only what it needs."""

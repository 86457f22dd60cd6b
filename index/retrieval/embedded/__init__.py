"""One generation of the coverage, ready to be searched."""

"""Processes of our own: starting and ending them, and the one that searches."""

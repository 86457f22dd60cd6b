<<<<<<< HEAD
"""TODO"""
=======
"""Processes of our own: starting and ending them, and the one that searches."""
>>>>>>> w-indexing

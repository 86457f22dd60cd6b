"""The buttons below an answer, which work for weeks and after a restart."""

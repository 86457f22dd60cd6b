"""The buttons below an answer, which work after a restart and for weeks."""

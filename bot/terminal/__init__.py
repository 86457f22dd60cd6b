"""The terminal: the interactive chat, and rich text output."""

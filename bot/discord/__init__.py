"""clipdesk on Discord: all code that uses discord.py."""

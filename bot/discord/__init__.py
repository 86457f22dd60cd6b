"""clipdesk on Discord: everything that knows discord.py."""

"""The clipdesk bot: Discord, terminal chat and command line over one index."""

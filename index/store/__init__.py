"""All that is known of articles, and the bot's notes, in SQLite."""

"""The SQLite database: articles, their paragraphs, and the bot's own key-value pairs."""

"""The database's schema, as numbered steps: step n takes version n - 1 to version n.

Each step runs in one transaction with its number. A step that has been released is never edited:
append another.
"""

APPLICATION_ID = 0x636C6970  # "clip"; tells the database apart from those of other programs

MIGRATIONS = (
    (
        # A file or a fetched page of a source; it is read again as a whole.
        """
        CREATE TABLE item (
            row     INTEGER PRIMARY KEY,
            source  TEXT NOT NULL,
            path    TEXT NOT NULL,
            stamp   TEXT NOT NULL,
            digest  TEXT NOT NULL,
            UNIQUE (source, path)
        )
        """,
        """
        CREATE TABLE article (
            row        INTEGER PRIMARY KEY,
            item       INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
            position   INTEGER NOT NULL,
            digest     TEXT NOT NULL,
            id         TEXT NOT NULL,
            title      TEXT NOT NULL,
            publisher  TEXT NOT NULL,
            author     TEXT NOT NULL,
            published  TEXT NOT NULL,
            url        TEXT NOT NULL,
            brief      INTEGER NOT NULL,
            UNIQUE (item, id)
        )
        """,
        """
        CREATE TABLE passage (
            article  INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
            number   INTEGER NOT NULL,
            text     TEXT NOT NULL,
            PRIMARY KEY (article, number)
        ) WITHOUT ROWID
        """,
        # The last response of each address, kept for when it does not respond.
        """
        CREATE TABLE fetched (
            address         TEXT PRIMARY KEY,
            final_url       TEXT NOT NULL,
            body            BLOB NOT NULL,
            content_type    TEXT NOT NULL,
            charset         TEXT NOT NULL,
            validators_url  TEXT NOT NULL,
            etag            TEXT NOT NULL,
            last_modified   TEXT NOT NULL
        )
        """,
        "CREATE TABLE reindex (row INTEGER PRIMARY KEY, finished TEXT NOT NULL)",
    ),
    (
        # Key-value pairs of the bot, such as the passages below a message. `expires` is in seconds
        # of Unix time; NULL means never. Rows are numbered in the order of writing.
        """
        CREATE TABLE note (
            row      INTEGER PRIMARY KEY,
            key      TEXT NOT NULL UNIQUE,
            value    BLOB NOT NULL,
            expires  INTEGER
        )
        """,
        "CREATE INDEX note_expires ON note (expires) WHERE expires IS NOT NULL",
    ),
    (
        # A removed article stays until the snapshot in use lacks it, and its row is never reused:
        # so a passage of it that was found can still be shown.
        """
        CREATE TABLE kept_article (
            row         INTEGER PRIMARY KEY AUTOINCREMENT,
            item        INTEGER REFERENCES item ON DELETE SET NULL,
            position    INTEGER NOT NULL,
            digest      TEXT NOT NULL,
            id          TEXT NOT NULL,
            title       TEXT NOT NULL,
            publisher   TEXT NOT NULL,
            author      TEXT NOT NULL,
            published   TEXT NOT NULL,
            url         TEXT NOT NULL,
            brief       INTEGER NOT NULL,
            paragraphs  INTEGER NOT NULL,
            removed     INTEGER NOT NULL DEFAULT 0
        )
        """,
        """
        INSERT INTO kept_article
        SELECT row, item, position, digest, id, title, publisher, author, published, url, brief,
            (SELECT count(*) FROM passage WHERE article = article.row), 0
        FROM article
        """,
        """
        CREATE TABLE kept_passage (
            article  INTEGER NOT NULL REFERENCES kept_article ON DELETE CASCADE,
            number   INTEGER NOT NULL,
            text     TEXT NOT NULL,
            PRIMARY KEY (article, number)
        ) WITHOUT ROWID
        """,
        "INSERT INTO kept_passage SELECT article, number, text FROM passage",
        "DROP TABLE passage",
        "DROP TABLE article",
        "ALTER TABLE kept_article RENAME TO article",
        "ALTER TABLE kept_passage RENAME TO passage",
        "CREATE UNIQUE INDEX article_in_item ON article (item, id) WHERE NOT removed",
        "CREATE INDEX article_id ON article (id)",
        "CREATE INDEX article_removed ON article (removed) WHERE removed",
        # Each reindex that changes something commits a snapshot with an id of its own.
        "ALTER TABLE reindex ADD COLUMN generation TEXT NOT NULL DEFAULT ''",
        "UPDATE reindex SET generation = lower(hex(randomblob(16)))",
    ),
    # The digest of the line of an archive that an article was read from: an unchanged line need not
    # be read again. Empty for other articles, and for those stored before this step.
    ("ALTER TABLE article ADD COLUMN line BLOB NOT NULL DEFAULT x''",),
    # The number of the first paragraph on or after each printed page, with spaces between them.
    ("ALTER TABLE article ADD COLUMN pages TEXT NOT NULL DEFAULT ''",),
)

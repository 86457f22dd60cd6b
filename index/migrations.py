"""The database's schema, as numbered steps: step n takes version n - 1 to version n.

Each step runs in one transaction with its number. A step that has been released is never edited:
append another.
"""

APPLICATION_ID = 0x636C6970  # "clip": tells the database from those of other programs

MIGRATIONS = (
    (
        # A file or a fetched page of a source: what is read again as a whole.
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
        # What an address answered last, kept for the time when it does not answer.
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
        # What the bot keeps by itself, such as which passages are below a message. `expires` is in
        # seconds of Unix time; none for what stays. Rows are numbered in the order of writing.
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
)

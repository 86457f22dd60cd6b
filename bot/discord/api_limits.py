"""Discord's limits, in one table: in characters where a unit is not named.

As documented in August 2026, below https://docs.discord.com/developers.
"""

from typing import Final

# resources/message
MAX_CONTENT: Final = 2_000
MAX_EMBEDS: Final = 10  # a message
MAX_TITLE: Final = 256
MAX_DESCRIPTION: Final = 4_096
MAX_FOOTER: Final = 2_048
MAX_URL: Final = 2_048  # of an embed
MAX_TOTAL: Final = 6_000  # of all embeds of a message together

# components/reference
MAX_ROWS: Final = 5  # of buttons, a message
MAX_BUTTONS: Final = 5  # a row
MAX_LABEL: Final = 80
MAX_CUSTOM_ID: Final = 100
MAX_FORM_TITLE: Final = 45
MAX_FORM_LABEL: Final = 45
MAX_PLACEHOLDER: Final = 100

# interactions/application-commands
MAX_CHOICES: Final = 25  # offered for an option
MAX_CHOICE: Final = 100

# interactions/receiving-and-responding
FIRST_RESPONSE_WITHIN_S: Final = 3
ANSWERED_WITHIN_S: Final = 15 * 60

# resources/channel
MAX_THREAD_NAME: Final = 100

"""Discord's documented limits; in characters unless the name states a unit.

As documented in August 2026, below https://docs.discord.com/developers.
"""

from typing import Final

# resources/message
MAX_CONTENT: Final = 2_000
MAX_EMBEDS: Final = 10  # per message
MAX_TITLE: Final = 256
MAX_DESCRIPTION: Final = 4_096
MAX_FOOTER: Final = 2_048
MAX_URL: Final = 2_048  # of an embed
MAX_TOTAL: Final = 6_000  # all embeds of a message together

# components/reference
MAX_ROWS: Final = 5  # of buttons per message
MAX_BUTTONS: Final = 5  # per row
MAX_LABEL: Final = 80
MAX_CUSTOM_ID: Final = 100
MAX_FORM_TITLE: Final = 45
MAX_FORM_LABEL: Final = 45
MAX_PLACEHOLDER: Final = 100

# interactions/application-commands
MAX_CHOICES: Final = 25  # per option
MAX_CHOICE: Final = 100

# interactions/receiving-and-responding
FIRST_RESPONSE_WITHIN_S: Final = 3
ANSWERED_WITHIN_S: Final = 15 * 60

# resources/channel
MAX_THREAD_NAME: Final = 100

"""The limits of Discord that the fake enforces.

Source: Discord's developer documentation, read in August 2026. Lengths are in characters (code
points), sizes in bytes, times in seconds. Limits that Discord's OpenAPI description states (the
length of an embed's title, the options of a select menu) are enforced from there.
"""

from typing import Final

# Messages
CONTENT_MAX_CHARS: Final = 2_000  # the description says 4,000, which only paying people get
EMBEDS_MAX_CHARS: Final = 6_000  # all texts of all embeds of one message
COMPONENTS_MAX: Final = 40  # of one "Components V2" message, nested ones counted
COMPONENTS_MAX_CHARS: Final = 4_000  # all shown texts of one "Components V2" message
FILES_MAX: Final = 10
FILE_MAX_BYTES: Final = 10 * 1024 * 1024
NONCE_REMEMBERED_S: Final = 180.0  # "a few minutes"
HISTORY_PAGE_MAX: Final = 100

# Interactions
FIRST_RESPONSE_S: Final = 3.0
INTERACTION_TOKEN_S: Final = 15 * 60.0

# Application commands
COMMAND_NAME_PATTERN: Final = r"^[-_'\w]{1,32}$"
COMMANDS_MAX: Final = {1: 100, 2: 15, 3: 15}  # by type: slash, user, message
COMMAND_MAX_CHARS: Final = 8_000  # names, descriptions and values of one command
OPTION_MAX_CHARS: Final = 6_000
TEXT_INPUT_MAX_CHARS: Final = 4_000

COMMAND_CREATES_A_DAY: Final = 200  # of each guild, and of the global ones
FOLLOW_UPS_MAX: Final = 5  # where only the person has installed the application

# Gateway
HEARTBEAT_S: Final = 41.25
GATEWAY_SENDS_MAX: Final = 120
GATEWAY_SENDS_WINDOW_S: Final = 60.0
GATEWAY_PAYLOAD_MAX_BYTES: Final = 4_096
IDENTIFIES_A_DAY: Final = 1_000
IDENTIFIES_AT_ONCE: Final = 1  # "max_concurrency"
IDENTIFY_INTERVAL_S: Final = 5.0

# REST
GLOBAL_REQUESTS: Final = 50
GLOBAL_WINDOW_S: Final = 1.0
INVALID_REQUESTS: Final = 10_000  # answers of 401, 403 and 429; then the address is banned
INVALID_WINDOW_S: Final = 10 * 60.0
BUCKET_REQUESTS: Final = 50  # Discord publishes none: roomy enough to stay out of the way
BUCKET_WINDOW_S: Final = 1.0

DAY_S: Final = 24 * 60 * 60.0

# The fake's own memory: entries, messages, interactions, files, events: of each so many
CAPACITY: Final = 50_000

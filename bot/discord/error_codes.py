"""The error codes of Discord that the bot distinguishes.

As documented in August 2026: https://docs.discord.com/developers/topics/opcodes-and-status-codes.
"""

from typing import Final

# JSON error codes of requests
UNKNOWN_CHANNEL: Final = 10003
UNKNOWN_MESSAGE: Final = 10008
UNKNOWN_WEBHOOK: Final = 10015
UNKNOWN_INTERACTION: Final = 10062
ALREADY_ACKNOWLEDGED: Final = 40060
MISSING_PERMISSIONS: Final = 50013
INVALID_WEBHOOK_TOKEN: Final = 50027
NO_HISTORY: Final = 160002  # a reply needs the permission to read the channel's history

# Close codes of the gateway
AUTHENTICATION_FAILED: Final = 4004
INVALID_INTENTS: Final = 4013
DISALLOWED_INTENTS: Final = 4014

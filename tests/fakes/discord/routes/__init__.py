"""The routes of the REST API, one file for each kind of thing."""

from . import commands, interactions, lookups, messages
from .endpoint import ENDPOINTS, Auth, Call, Endpoint, Reply

__all__ = [
    "ENDPOINTS",
    "Auth",
    "Call",
    "Endpoint",
    "Reply",
    "commands",
    "interactions",
    "lookups",
    "messages",
]

"""The routes of the REST API, one module for each kind of resource."""

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

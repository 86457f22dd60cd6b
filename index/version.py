"""The version of clipdesk."""

__version__ = "0.2.0"

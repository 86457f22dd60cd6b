"""Lays out messages within Discord's limits."""

"""Admission control: rate limits, the question queue, and pending replies at shutdown."""

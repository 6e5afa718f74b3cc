"""Reasoning over mechanisms: what follows from the claims, and why."""

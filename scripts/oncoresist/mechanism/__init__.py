"""Reasoning over mechanisms: what follows from the claims, why, and what would follow if they changed."""

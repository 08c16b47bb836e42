"""Counts and lists across the apps; each app keeps its own."""

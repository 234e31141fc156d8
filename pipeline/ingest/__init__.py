"""Labelled sources to articles: read, check, drop duplicates, split. Writes no model."""

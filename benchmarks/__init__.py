"""Comparisons with other tools. Not part of the package: nothing in ``pipeline`` imports it."""

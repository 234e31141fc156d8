"""Broadsheet: cut mixed news text into its stories, and say what each is about and where."""

__version__ = "0.1.0"

"""Formats on disk, one artifact each: reading, checking and atomic writing. No computation."""

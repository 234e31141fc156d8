"""Encoder and reader behind the cache: what was worked out before is not worked out again.

An entry is known by a digest of the exported files, of the libraries and the code that turn text
into vectors, and of the text itself; no text is kept. Change any of them, and it is another entry.
The numbers are those that were worked out, bit for bit.
"""

"""Texts to vectors: everything the heads learn from and are measured on, each text once."""

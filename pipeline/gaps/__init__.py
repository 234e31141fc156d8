"""Gaps of pages mixed from real stories, which the boundary model learns from beside the corpus."""

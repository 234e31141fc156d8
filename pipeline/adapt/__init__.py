"""The encoder adapted to pages: a network taught to read them, on pages of real stories."""

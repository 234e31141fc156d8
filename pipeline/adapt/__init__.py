"""The encoder adapted to pages: real stories mixed, and a network taught to read them."""

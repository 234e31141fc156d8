"""A page's units read in context: one pass of the encoder over the page."""

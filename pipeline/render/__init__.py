"""Documents to what a person or a program reads: JSON, JSON Lines, CSV, tables. No computation."""

"""Articles laid out as pages in which stories run together, with gold cuts, parts and residue."""

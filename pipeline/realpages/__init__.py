"""Pages mixed from real stories beside the project, for the frozen stages that learn from them."""

"""Stage ``train``: one head at a time, from articles and their vectors."""

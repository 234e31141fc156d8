"""What a story is about: views of a story to learn from, and the topic head."""

"""Mixed text to stories: units, what is known of each gap between them, models, and decoding."""

"""What a person asks between two trainings: which runs there were, what changed, what is amiss."""

"""What growing parts of the corpus teach the heads."""

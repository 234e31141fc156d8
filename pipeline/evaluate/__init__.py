"""How well it reads: segmentation, topics, regions, calibration, and end to end."""

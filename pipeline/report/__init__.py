"""The report of a run of the pipeline: one HTML file to read, ``reports/index.html``."""

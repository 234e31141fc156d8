"""A run of the pipeline, from its files to MLflow."""

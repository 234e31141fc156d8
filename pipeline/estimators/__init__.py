"""Fitted estimators as plain arrays: scikit-learn fits them, numpy alone asks them."""

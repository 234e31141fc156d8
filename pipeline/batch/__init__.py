"""Datasets to datasets: ``broadsheet batch``, in this process or on a Ray cluster."""

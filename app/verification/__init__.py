"""Checking the record: chains of events, the texts and files that they tell of, and checkpoints kept elsewhere."""

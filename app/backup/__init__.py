"""Backups: one signed file with all rows, evidence files and checkpoints, which restores into either kind of database."""

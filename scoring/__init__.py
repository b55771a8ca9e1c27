"""Answers in, findings and snapshot out. Pure: no clock, no file, no environment, no network."""

"""What is asked, and what counts as an answer: the instrument, its proof, and responses to it."""

DEFAULT_INSTRUMENT = "mgi-2018"
"""The packaged instrument that is meant where none is named."""

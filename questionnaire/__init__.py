"""What is asked, and what counts as an answer: the instrument, its proof, and responses to it."""

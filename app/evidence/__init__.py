"""Evidence: the files a government attaches to its answers, how they are checked, and where their contents are kept."""

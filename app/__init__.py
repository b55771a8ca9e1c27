"""Everything around the engine: documents and the command line."""

"""The proof of an instrument: each module holds one kind of rule, collects all problems and raises none."""

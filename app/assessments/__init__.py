"""Assessments: answers, workflow, contributions, comments, drafts, rounds. Functions `verb_noun(work, …)`."""

"""Who may read which text of country A, written down by hand."""

from tests.security.canaries import Text

FOCALS = frozenset({"focal_a", "second_focal_a", "reading token", "writing token"})
LEADS = FOCALS | {"signatory_a"}
REVIEWERS = frozenset({"reviewer", "second_reviewer"})
GOVERNMENT = LEADS | {"labour_a", "health_a"}
COLLEAGUES = GOVERNMENT | REVIEWERS | {"adviser_a", "administrator"}

READERS: dict[str, frozenset[str]] = {
    "answer": LEADS | REVIEWERS | {"labour_a"},
    "unassigned answer": LEADS | REVIEWERS,
    "public answer": LEADS | REVIEWERS | {"labour_a"},
    "public unassigned answer": LEADS | REVIEWERS,
    "rewording": LEADS | REVIEWERS,
    "newer answer": LEADS | {"labour_a"},
    "newer evidence": LEADS,
    "private source": LEADS | REVIEWERS | {"labour_a"},
    "unused source": LEADS,
    "assignment": LEADS | {"labour_a"},
    "contribution": FOCALS | {"labour_a"},
    "government comment": LEADS | {"labour_a"},
    "shared comment": LEADS | REVIEWERS,
    "internal comment": REVIEWERS,
    "evidence": LEADS | REVIEWERS | {"labour_a"},
    "reason": LEADS | REVIEWERS,
    "return": LEADS | REVIEWERS | {"labour_a"},
    "name": COLLEAGUES,
    "email": FOCALS | {"administrator"},
    "ministry labour": GOVERNMENT | {"administrator"},
    "ministry health": GOVERNMENT | {"administrator"},
}
"""Kind of text → who may read it at all."""
ADVISED = frozenset({"answer", "unassigned answer", "public answer", "public unassigned answer", "newer answer", "evidence",
                     "newer evidence", "private source", "unused source", "shared comment", "rewording"})  # fmt: skip
"""What an adviser reads too, while answers are collected."""
PUBLIC = frozenset({"public answer", "public unassigned answer", "rewording"})
"""What everyone reads once it is published."""


def may_read(person: str, text: Text) -> bool:
    """Whether this text may stand in an answer to this person."""
    if text.kind in PUBLIC and text.assessment == "published":
        return True
    if text.kind == "email" and text.assessment == person:
        return True
    if person == "adviser_a" and text.kind in ADVISED:
        return text.assessment in ("collecting", "")
    if text.assessment == "b":
        return person in ("focal_b", "contributor_b", "second_reviewer", "token for another country")
    return person in READERS[text.kind]

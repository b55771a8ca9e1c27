"""Texts that would do harm on a page that took them for anything but text, each after a word by which it is found again."""

import re

from tests.security.canaries import LETTERS, Canaries

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}{% raw %}${7*7} 100% %(x)s %s &amp;\"'"
    " \u2067مرحبا\u2069 שלום</textarea></title>"
)
"""Markup, templates, formats, entities, quotes, text from right to left, ends of elements."""
UNESCAPED = re.compile(rb"<script>|<img src=x|</textarea></title>")
"""What stands in no page on which such a text is text."""
_MARKED = re.compile(f"(zq[{LETTERS}]{{4}}zq)")
_INVISIBLE = re.compile(r"\s|[\u2067\u2069]|\\u206[79]")
"""What pages may leave out, break, or, in a message, write out as `\\u2067`."""
_PLAIN = frozenset({"email", "evidence", "newer evidence"})
"""An address of e-mail has a form of its own, and so has the name of a file."""


class HostileWords(Canaries):
    """Words that are followed by a hostile text."""

    def word(self, kind: str, assessment: str = "") -> str:
        """A new word for a text, and what comes after it."""
        return super().word(kind, assessment) + ("" if kind in _PLAIN else HOSTILE)

    def mangled(self, text: str) -> list[str]:
        """Where a hostile text begins, and goes on otherwise than it was written."""
        whole, wanted = _squeezed(text), _squeezed(HOSTILE)
        return [
            whole[found.start() : found.end() + len(wanted)]
            for found in _MARKED.finditer(whole)
            if self.texts[found[1]].kind not in _PLAIN and not whole.startswith(wanted, found.end())
        ]


def _squeezed(text: str) -> str:
    return _INVISIBLE.sub("", text)

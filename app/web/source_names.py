"""The id of a new source, made from its title."""

import re
import unicodedata

from app.assessments.sources import list_sources
from app.work import Work
from questionnaire.response import SOURCE_ID_LENGTH

RESERVED = frozenset({"new"})
"""Ids that the addresses of our own pages take."""
_MOST_OF_A_NAME = 500


def new_source_id(work: Work, title: str) -> str:
    """An id that no source of the country has or had: words of the title, with a number behind it where that is taken."""
    name = plain_name(title) or "source"
    room = SOURCE_ID_LENGTH - 4
    wanted = [name, *(f"{name[:room].rstrip('-')}-{number}" for number in range(2, _MOST_OF_A_NAME))]
    taken = RESERVED | {saved.id for saved in list_sources(work, frozenset(wanted))}
    return next(one for one in wanted if one not in taken)


def plain_name(title: str) -> str:
    """A title in small Latin letters, digits and hyphens; nothing where it has no such letter.

    >>> plain_name("Law on External Migration (No. 61), 2000"), plain_name("Código Penal")
    ('law-on-external-migration-no-61-2000', 'codigo-penal')
    """
    latin = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = "-".join(re.findall("[a-z0-9]+", latin))
    return name[: SOURCE_ID_LENGTH - 20].strip("-")

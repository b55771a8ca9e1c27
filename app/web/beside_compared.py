"""An answer made of a proposal and of what stands there."""

from collections.abc import Mapping
from typing import Any


def put_together(ours: Mapping[str, Any], theirs: Mapping[str, Any], taken: Mapping[str, str]) -> dict[str, Any]:
    """An answer of both: theirs where `taken` says so for a field (`values.groups`, `note`), ours everywhere else.

    >>> put_together({"note": "a"}, {"note": "b", "values": {"groups": "all"}}, {"values.groups": "theirs"})
    {'note': 'a', 'values': {'groups': 'all'}}
    """
    merged, values = {key: ours[key] for key in ours if key != "values"}, dict(ours.get("values", {}))
    for field in (field for field, side in taken.items() if side == "theirs"):
        place, _, question = field.partition(".")
        target, given = (values, theirs.get("values", {})) if question else (merged, theirs)
        name = question or place
        target.pop(name, None)
        if name in given:
            target[name] = given[name]
    return merged | ({"values": values} if values else {})

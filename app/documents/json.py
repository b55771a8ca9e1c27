"""The snapshot as JSON: the document model itself, as `docs/snapshot.schema.json` describes it."""

import json
from typing import Any

from scoring.snapshot import Snapshot


def render(snapshot: Snapshot) -> bytes:
    """Indented JSON in UTF-8."""
    return (snapshot.model_dump_json(indent=2) + "\n").encode()


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the document."""
    described = Snapshot.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"

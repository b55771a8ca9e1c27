"""Examples for the OpenAPI document: made from a schema, with values that a reader of this field knows."""

from typing import Any

Json = dict[str, Any]

_ID = "k3qhx7p2m5vbn4wzt6ya"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_LAW = "Law on Health Protection"

NAMED: dict[str, Any] = {
    "indicator": "health-access",
    "indicators": "health-access",
    "question": "groups",
    "source_id": "law-on-health",
    "domain": 1,
    "number": 1,
    "version": 3,
    "answer_version": 3,
    "versions": {"health-access": 3},
    "answer": {"values": {"groups": "all", "law": "law-on-health"}},
    "yours": {"values": {"groups": "all"}},
    "theirs": {"values": {"groups": "some"}},
    "country": "KG",
    "code": "KG",
    "country_name": "Kyrgyzstan",
    "round": 2026,
    "instrument": "mgi-2018",
    "language": "en",
    "content_hash": _SHA256,
    "sha256": _SHA256,
    "fingerprint": _SHA256,
    "hash": _SHA256,
    "email": "focal.point@example.org",
    "ministry": "Ministry of Health",
    "actor_name": "A. Focal",
    "saved_by": "A. Focal",
    "written_by": "A. Focal",
    "proposed_by": "A. Contributor",
    "reviewed_by": "A. Reviewer",
    "signed_by": "A. Signatory",
    "inviter": "A. Administrator",
    "title": _LAW,
    "source": {"title": _LAW, "kind": "law", "url": "https://example.org/law", "date": "2005-01-09"},
    "url": "https://example.org/law",
    "address": "/api/v1/snapshots/KG/2026",
    "link": "/api/v1/assessments/k3qhx7p2m5vbn4wzt6ya",
    "href": "/api/v1/assessments/k3qhx7p2m5vbn4wzt6ya",
    "links": {"self": "/api/v1/assessments/k3qhx7p2m5vbn4wzt6ya"},
    "state": "collecting",
    "role": "focal_point",
    "roles": "focal_point",
    "actions": "save_answer",
    "languages": "en",
    "kind": "answer_saved",
    "message": "please name the law",
    "reason": "Please name the law.",
    "remark": "The law was amended in 2025.",
    "remarks": "The law is older than the policy.",
    "text": "Does the law name students?",
    "notice": "A law was misread.",
    "erratum": "The year of the law was corrected.",
    "recovery_codes": "abcd-efgh-ijkl",
    "password": "seven lanterns under water",
    "old_password": "seven lanterns under water",
    "new_password": "a heron stands in the reeds",
    "if-match": '"3"',
    "if-none-match": '"3"',
    "idempotency-key": "a3c1e0f4-6b1d-4f7e-9d55-1f1a2b3c4d5e",
    "name": "Ministry of Health",
}
_BY_FORMAT = {"date-time": "2026-01-15T09:00:00Z", "date": "2026-03-31", "uri": "https://example.org/law"}
_BY_TYPE: dict[str, Any] = {"boolean": False, "null": None, "number": 1}
DEEPEST = 12


def named_example(name: str, schema: Json, schemas: Json) -> Any:
    """An example of a parameter or property: what its schema says, or what its name stands for."""
    return _example(schema, schemas, name, 0)


def example_of(schema: Json, schemas: Json) -> Any:
    """An example of a body. `schemas` are the document's components."""
    return _example(schema, schemas, "", 0)


def _example(schema: Json, schemas: Json, name: str, depth: int) -> Any:
    if "$ref" in schema:
        return _example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name, depth + 1)
    if "example" in schema or schema.get("examples"):
        return schema["example"] if "example" in schema else schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return _example(options[0], schemas, name, depth)
    return _by_type(schema, schemas, name, depth)


def _by_type(schema: Json, schemas: Json, name: str, depth: int) -> Any:
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "array":
        few = max(schema.get("minItems", 1), 1) if depth < DEEPEST else 0
        return [_example(schema.get("items", {}), schemas, name, depth + 1) for _ in range(few)]
    known: Any = NAMED.get(name.lower())
    properties = schema.get("properties", {})
    if _fits(known, kind, properties):
        return known
    if kind == "object":
        return {key: _example(value, schemas, key, depth + 1) for key, value in properties.items()}
    if kind == "string":
        return _text(schema, name)
    if kind == "integer":
        return max(schema.get("minimum", 1), min(1, schema.get("maximum", 1)))
    return _BY_TYPE[kind]


def _fits(known: Any, kind: str, properties: Json) -> bool:
    """Whether what a name stands for is of the schema's type, and has no other properties."""
    if isinstance(known, dict) and properties and not known.keys() <= properties.keys():
        return False
    return isinstance(known, _PYTHON[kind])


_PYTHON: dict[str, type] = {
    "string": str, "integer": int, "object": dict, "boolean": bool, "number": float, "null": type(None),
}  # fmt: skip


def _text(schema: Json, name: str) -> str:
    if "format" in schema:
        return _BY_FORMAT.get(schema["format"], "Words of the government.")
    if name == "id" or name.endswith("_id") or name in ("token", "actor", "secret"):
        return _ID
    return "Words of the government."

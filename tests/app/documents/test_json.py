"""The JSON file is the document model, as its published schema says."""

import json
from pathlib import Path

import jsonschema
import pytest

from app.documents import render
from app.documents.json import schema, schema_text
from scoring.snapshot import Snapshot

PUBLISHED = Path(__file__).parents[3] / "docs" / "snapshot.schema.json"


def test_the_document_fits_its_schema(snapshot: Snapshot) -> None:
    jsonschema.Draft202012Validator(schema()).validate(json.loads(render(snapshot, "json")))


def test_the_schema_refuses_another_document(snapshot: Snapshot) -> None:
    document = json.loads(render(snapshot, "json")) | {"score": 1}
    with pytest.raises(jsonschema.ValidationError, match="score"):
        jsonschema.Draft202012Validator(schema()).validate(document)


def test_the_published_schema_is_the_one_of_the_code() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_the_document_can_be_read_back(snapshot: Snapshot) -> None:
    assert Snapshot.model_validate_json(render(snapshot, "json")) == snapshot

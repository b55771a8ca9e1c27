"""Attaching files over HTTP, and a look at what is kept of them."""

import hashlib
from typing import Any

import httpx
from sqlmodel import select

from app.evidence.store import list_keys
from app.models.assessments import Evidence
from tests.steps import made, path
from tests.world import World

LAW = b"Law on the Legal Status of Foreign Citizens\n"


def attach(world: World, content: Any = LAW, by: str = "focal_a", name: str = "law.txt", **more: Any) -> httpx.Response:
    """Someone attaches a file to `health-access` of assessment `a`, or to the indicator named."""
    params = {"indicator": "health-access", "name": name, **more}
    headers = {"Content-Type": "application/octet-stream"}
    return world.as_(by).post(path(world, "evidence"), content=content, params=params, headers=headers)


def attached(world: World, content: Any = LAW, **more: Any) -> dict[str, Any]:
    """What is told of a file that was taken."""
    told: dict[str, Any] = made(attach(world, content, **more)).json()
    return told


def names(world: World, by: str, name: str = "a", **params: Any) -> list[str]:
    """The names of the files that someone sees."""
    found = made(world.as_(by).get(path(world, "evidence", name), params=params)).json()
    return [file["name"] for file in found["items"]]


def kept(world: World) -> set[str]:
    """SHA-256 of all contents in the store."""
    return {key.rpartition("/")[2] for key in list_keys(world.service.evidence)}


def rows(world: World) -> list[Evidence]:
    """All files that were ever attached."""
    with world.service.database.reading() as session:
        return list(session.exec(select(Evidence)))


def nothing_kept(world: World) -> bool:
    """Whether neither the database nor the store, nor its folder, holds anything of a file."""
    folder = world.service.evidence.folder
    files = [found for found in folder.rglob("*") if found.is_file()] if folder else []
    return not kept(world) and not rows(world) and not files


def sha256(content: bytes) -> str:
    """The hash by which a content is known."""
    return hashlib.sha256(content).hexdigest()


def reason(refused: httpx.Response) -> tuple[int, str]:
    """The status and the kind of a refusal."""
    return refused.status_code, refused.json()["type"].rpartition("/")[2]

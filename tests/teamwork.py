"""What people do around the answers, over HTTP: assign, propose, comment, save."""

from typing import Any

import httpx

from tests.steps import made, path
from tests.world import World

ALL = {"values": {"groups": "all"}}
NONE = {"values": {"groups": "none"}}


def assign(world: World, ministry: str, *indicators: str, **more: Any) -> httpx.Response:
    """The focal point asks a ministry for indicators."""
    body = {"indicators": list(indicators), "ministry_id": world.ministries[ministry], **more}
    return world.as_("focal_a").put(path(world, "assignments"), json=body)


def propose(world: World, name: str, indicator: str = "health-access", **more: Any) -> httpx.Response:
    """A contributor proposes; `answer` is what."""
    return world.as_(name).post(path(world, f"contributions/{indicator}"), json={"answer": ALL, **more})


def proposed(world: World, name: str, indicator: str = "health-access", **more: Any) -> str:
    """The id of a contribution that was taken."""
    return str(made(propose(world, name, indicator, **more)).json()["id"])


def save(world: World, version: int, answer: Any = ALL, indicator: str = "health-access") -> httpx.Response:
    """The focal point saves an answer on a version."""
    headers = {"If-Match": f'"{version}"'}
    return world.as_("focal_a").put(path(world, f"answers/{indicator}"), json=answer, headers=headers)


def comment(world: World, name: str, audience: str, text: str = "Why?", **more: Any) -> httpx.Response:
    """Someone writes a comment on `health-access`, or on the indicator named."""
    body = {"indicator": "health-access", "audience": audience, "text": text, **more}
    return world.as_(name).post(path(world, "comments"), json=body)


def texts(world: World, name: str, **params: Any) -> list[str]:
    """The texts of the comments that someone reads."""
    found = made(world.as_(name).get(path(world, "comments"), params=params)).json()
    return [item["text"] for item in found["items"]]

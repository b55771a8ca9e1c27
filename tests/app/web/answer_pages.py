"""The page of one indicator, as tests open it; and the answer as it stands."""

from typing import Any

from tests.steps import made, path
from tests.visiting import Visitor, visitor
from tests.world import World

HEALTH = "health-access"


def page_of(world: World, indicator: str = HEALTH, name: str = "a") -> str:
    return f"/assessments/{world.assessments[name]}/indicators/{indicator}"


def open_page(world: World, name: str = "focal_a", indicator: str = HEALTH) -> Visitor:
    someone = visitor(world, name)
    someone.get(page_of(world, indicator))
    return someone


def answer_of(world: World, indicator: str = HEALTH) -> dict[str, Any]:
    found: dict[str, Any] = made(world.as_("focal_a").get(path(world, f"answers/{indicator}"))).json()
    return found

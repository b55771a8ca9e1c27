"""Looking at the page of an indicator, and at one of its panels."""

from app.models.people import RoleGrant
from app.people.secrets import new_id
from tests.steps import path
from tests.visiting import Page, Visitor, visitor
from tests.world import World

PLACE = "indicators/health-access"


def at(world: World, name: str) -> Visitor:
    """Someone who looks at the page of `health-access`."""
    someone = visitor(world, name)
    someone.get(path(world, PLACE))
    return someone


def panel(page: Page, name: str) -> str:
    """What is read in a panel."""
    return " ".join("".join(page.find("//section[@id=$name]", name=name)[0].itertext()).split())


def contribute_also(world: World, name: str, ministry: str) -> None:
    """Let a contributor work for another ministry too."""
    with world.service.database.writing() as session:
        session.add(
            RoleGrant(
                id=new_id(), account_id=world.accounts[name], role="contributor", country="KG",
                ministry_id=world.ministries[ministry], created_at=world.now,
            )
        )  # fmt: skip

"""The start page: what this is, how it goes, the way in, and what is published."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.assessments.snapshots import list_published
from app.demo.people import MINISTRIES, PEOPLE, email_of
from app.people.countries import country_name
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)


class DemoAccount(NamedTuple):
    """An account of the demonstration: the role, where it is held, and what one signs in with."""

    role: str
    place: str
    email: str


def demo_accounts() -> list[DemoAccount]:
    """The accounts that a demonstration is made with."""
    return [
        DemoAccount(
            person.role,
            MINISTRIES[person.ministry] if person.ministry else country_name(person.country) if person.country else "",
            email_of(name),
        )
        for name, person in PEOPLE.items()
    ]


@router.get("/")
def show_start(call: Annotated[Call, may("read_public")]) -> Response:
    """What this is, the way in, and what is published; in the demonstration, its accounts."""
    with call.begin() as work:
        listed = list_published(work)
    accounts = demo_accounts() if call.service.settings.demo else []
    return draw(call, "start.html", snapshots=listed, accounts=accounts)

"""Pages of published snapshots: readable by anyone, without signing in."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, CountryCode, may
from app.api.published import Year
from app.assessments.snapshots import find_published, list_published
from app.errors import Withdrawn
from app.people.countries import country_name
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)


@router.get("/published")
def show_published_list(call: Annotated[Call, may("read_public")]) -> Response:
    """The published snapshots, by the country's name."""
    with call.begin() as work:
        listed = list_published(work)
    return draw(call, "published/list.html", snapshots=listed)


@router.get("/published/{country}/{round}")
def show_published(call: Annotated[Call, may("read_public")], country: CountryCode, year: Year) -> Response:
    """A published snapshot with its corrections; the notice of one that was withdrawn."""
    try:
        with call.begin() as work:
            published = find_published(work, country, year)
    except Withdrawn as refusal:
        name = country_name(country)
        return draw(call, "published/withdrawn.html", status=410, about=refusal.more, country=name, year=year)
    address = f"/api/v1/snapshots/{country}/{year}"
    return draw(call, "published/snapshot.html", published=published, document=published.document, address=address)

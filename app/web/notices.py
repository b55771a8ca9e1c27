"""Pages that say how things are: the help, privacy, accessibility, whom to write to."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.web.rendering import draw

router = APIRouter(include_in_schema=False)

MEGABYTE = 1024 * 1024


@router.get("/help")
def show_help(call: Annotated[Call, may("read_public")]) -> Response:
    """How it works, by role; the words; the keyboard; saving; who sees what."""
    return draw(call, "notices/help.html", most=call.service.settings.evidence_limit // MEGABYTE)


@router.get("/privacy")
def show_privacy(call: Annotated[Call, may("read_public")]) -> Response:
    """What is kept about people, why and how long."""
    return draw(call, "notices/privacy.html", contact=call.service.settings.contact)


@router.get("/accessibility")
def show_accessibility(call: Annotated[Call, may("read_public")]) -> Response:
    """What the pages aim at, how they are tried, what is known not to be right, how to report."""
    return draw(call, "notices/accessibility.html", contact=call.service.settings.contact)


@router.get("/contact")
def show_contact(call: Annotated[Call, may("read_public")]) -> Response:
    """Whom to write to about what."""
    return draw(call, "notices/contact.html", contact=call.service.settings.contact)

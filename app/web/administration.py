"""Pages of administrators: what they do, countries, rounds. No answer stands on any of them."""

from typing import Annotated

from fastapi import APIRouter, Response

from app.api.calls import Call, may
from app.api.countries import CountryIn
from app.api.rounds import RoundIn
from app.assessments.packaged import packaged_instrument
from app.assessments.rounds import open_packaged_round
from app.assessments.summaries import list_assessments
from app.errors import Conflict, Invalid, Refusal
from app.mail.outbox import mail_is_on
from app.people.countries import add_country, country_names, list_countries
from app.web.done import translatable
from app.web.fields import Fields, Posted
from app.web.rendering import draw, see_other
from questionnaire import DEFAULT_INSTRUMENT

router = APIRouter(prefix="/administration", include_in_schema=False)

MOST = 1000


@router.get("")
def show_administration(call: Annotated[Call, may("see_accounts")]) -> Response:
    """What an administrator does, with the way to each."""
    with call.on_service():
        pass
    return draw(call, "administration/home.html", mail=mail_is_on(call.service))


@router.get("/countries")
def show_countries(call: Annotated[Call, may("see_accounts")]) -> Response:
    """The countries that are set up."""
    return _draw_countries(call)


def _draw_countries(call: Call, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_service() as work:
        listed = list_countries(work)
    there = {country.code for country in listed}
    absent = [(code, name) for code, name in sorted(country_names().items(), key=_by_name) if code not in there]
    return draw(
        call,
        "administration/countries.html",
        refusal=refusal,
        typed=typed or Fields(),
        countries=listed,
        choices=[("", ""), *absent],
    )


def _by_name(item: tuple[str, str]) -> tuple[str, str]:
    return item[1], item[0]


@router.post("/countries")
def send_country(call: Annotated[Call, may("manage_countries")], fields: Posted) -> Response:
    """Set a country up."""
    try:
        fields.demand("code", translatable("Choose a country"))
        given = fields.as_(CountryIn)
        with call.on_service() as work:
            add_country(work, given.code)
    except (Invalid, Conflict) as refusal:
        return _draw_countries(call, refusal, fields)
    return see_other("/administration/countries", done="country-added")


@router.get("/rounds")
def show_rounds(call: Annotated[Call, may("see_accounts")]) -> Response:
    """The rounds of all countries: state and dates, nothing else."""
    with call.on_service() as work:
        listed = list_assessments(work, MOST)
    return draw(call, "administration/rounds.html", assessments=listed)


@router.get("/rounds/new")
def show_round_form(call: Annotated[Call, may("see_accounts")]) -> Response:
    """The form to open a round."""
    return _draw_round_form(call)


def _draw_round_form(call: Call, refusal: Refusal | None = None, typed: Fields | None = None) -> Response:
    with call.on_service() as work:
        listed, year = list_countries(work), work.now.year
    instrument = packaged_instrument(DEFAULT_INSTRUMENT)
    return draw(
        call,
        "administration/round-form.html",
        refusal=refusal,
        typed=typed or Fields(given={"round": str(year)}),
        choices=[("", ""), *listed],
        instruments=[(found.id, f"{found.source.title} ({found.id})") for found in (instrument,) if found],
    )


@router.post("/rounds")
def send_round(call: Annotated[Call, may("open_round")], fields: Posted) -> Response:
    """Open a round for a country."""
    try:
        given = fields.as_(RoundIn)
        with call.on_service() as work:
            open_packaged_round(work, given.instrument, given.country, given.round)
    except (Invalid, Conflict) as refusal:
        return _draw_round_form(call, refusal, fields)
    return see_other("/administration/rounds", done="round-opened")

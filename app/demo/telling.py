"""What `mgi demo` prints: the people with their passwords, the assessments with their links, and how to sign in."""

from collections.abc import Iterator, Mapping

from sqlmodel import col, select

from app.demo.people import PEOPLE, email_of
from app.models.assessments import Assessment
from app.people.countries import country_name
from app.record import head_of
from app.service import Service


def welcome(service: Service, passwords: Mapping[str, str], folder: str) -> str:
    """All of it, as lines of text."""
    address = service.settings.base_url
    return "\n".join(
        [
            f"The demonstration runs on {address}. Open it in a browser and sign in as one of these people.",
            f"Ctrl+C ends it; it goes on from {folder} next time.",
            "",
            *_people(passwords),
            "",
            *_assessments(service, address),
            "",
            f"The API for programs is described at {address}/api/v1/openapi.json. Sign in and read an answer:",
            *_example(service, address, passwords),
        ]
    )


def _people(passwords: Mapping[str, str]) -> Iterator[str]:
    width = max(len(person.words) for person in PEOPLE.values())
    for name, person in PEOPLE.items():
        yield f"{person.words:<{width}}  {email_of(name):<26}  {passwords[name]}"


def _rounds(service: Service) -> list[tuple[Assessment, str]]:
    statement = select(Assessment).order_by(col(Assessment.country), col(Assessment.round))
    with service.database.reading() as session:
        return [(one, head_of(session.connection(), one.id).state) for one in session.exec(statement).all()]


def _assessments(service: Service, address: str) -> Iterator[str]:
    for assessment, state in _rounds(service):
        name = f"{country_name(assessment.country)} {assessment.round}"
        yield f"{name:<16}  {state.replace('_', ' '):<10}  {address}/assessments/{assessment.id}"


def _example(service: Service, address: str, passwords: Mapping[str, str]) -> Iterator[str]:
    assessment = next(one.id for one, state in _rounds(service) if state == "collecting")
    body = f'{{"email": "{email_of("focal")}", "password": "{passwords["focal"]}"}}'
    yield f"curl -s -c cookies -H 'Content-Type: application/json' -d '{body}' {address}/api/v1/sign-in"
    yield f"curl -s -b cookies {address}/api/v1/assessments/{assessment}/answers"

"""Inviting people over the API, for tests: with the link in the answer, or in a mail that waits."""

from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import col, select

from app.models.mail import OutboxLetter
from app.models.people import Account, ApiToken
from app.people.secrets import new_id, token_hash
from tests.world import World

WORDS = "three quiet rivers meet here"


def invite(world: World, inviter: str, role: str, email: str = "new@example.org", **more: Any) -> httpx.Response:
    body = {"email": email, "name": "A. New", "role": role, **more}
    if role == "contributor":
        body.setdefault("ministry_id", world.ministries["labour"])
    return world.as_(inviter).post("/countries/KG/invitations", json=body)


def token_of(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.json()["link"]).partition("#")[2]


def accept(world: World, token: str, **more: Any) -> httpx.Response:
    return world.as_("anonymous").post("/invitations/accept", json={"token": token, **more})


def with_mail(world: World) -> None:
    world.service.settings = world.service.settings.model_copy(
        update={"smtp_url": SecretStr("smtp://mail.example.org:587")}
    )


def mailed_tokens(world: World) -> list[str]:
    with world.service.database.reading() as session:
        texts = session.exec(select(OutboxLetter.text).order_by(col(OutboxLetter.created_at))).all()
    return [word.partition("#")[2] for text in texts for word in text.split() if "invitation#" in word]


def set_account(world: World, name: str, **values: Any) -> None:
    with world.service.database.writing() as session:
        mine = col(Account.id) == world.accounts[name]
        session.connection().execute(update(Account).where(mine).values(**values))


def give_token(world: World, name: str, country: str | None, scope: str = "read") -> str:
    secret = f"mgi_{new_id()}"
    with world.service.database.writing() as session:
        session.add(
            ApiToken(
                id=new_id(), token_hash=token_hash(secret), account_id=world.accounts[name], name="A program",
                scope=scope, country=country, created_at=world.now, expires_at=world.now.replace(year=2027),
            )
        )  # fmt: skip
    return secret

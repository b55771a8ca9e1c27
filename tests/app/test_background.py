"""What the service does by itself: each task in its turn, by one process alone, and on after an error."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, select

from app.background import TASKS, Background, Task, sweep
from app.models.mail import OutboxLetter
from app.models.people import FailedSignIn, Link, SignIn
from app.models.record import RequestKey
from app.people.secrets import new_id
from app.service import Service, open_service
from tests.databases import fresh_database
from tests.world import World, settings_for


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    made = open_service(settings_for(database_url, tmp_path))
    yield made
    made.database.close()


@contextmanager
def running(service: Service, *tasks: Task) -> Iterator[Background]:
    background = Background(service, tasks)
    background.start()
    try:
        yield background
    finally:
        background.stop()


def count_to(wanted: int, counted: list[float]) -> None:
    end = time.monotonic() + 10
    while len(counted) < wanted and time.monotonic() < end:
        time.sleep(0.01)
    assert len(counted) >= wanted


def rows_of_age(world: World, **age: float) -> list[SQLModel]:
    """A row of each kind that ended so long ago, with names that tell."""
    then, account, name = world.now - timedelta(**age), world.accounts["focal_a"], new_id()
    times = {"created_at": then, "expires_at": then}
    return [
        FailedSignIn(id=name, who=name, at=then),
        RequestKey(account_id=account, key=name, request_hash="", at=then),
        SignIn(id=name, token_hash=name, account_id=account, second_factor=True, seen_at=then, ended_at=then, **times),
        Link(id=name, token_hash=name, kind="invitation", account_id=account, used_at=then, **times),
        OutboxLetter(id=name, recipient="", subject="", text="", created_at=then, next_try_at=then, sent_at=then),
    ]


@pytest.mark.parametrize(
    ("age", "left"),
    [
        ({"hours": 23}, {FailedSignIn, RequestKey, SignIn, Link, OutboxLetter}),
        ({"days": 2}, {RequestKey, SignIn, Link, OutboxLetter}),
        ({"days": 8}, {SignIn, Link, OutboxLetter}),
        ({"days": 31}, set()),
    ],
)
def test_what_has_served_is_swept_away_in_its_time(world: World, age: dict[str, float], left: set[type]) -> None:
    with world.service.database.writing() as session:
        session.add_all(rows_of_age(world, **age))
    swept = sweep(world.service)
    with world.service.database.reading() as session:
        kinds = (FailedSignIn, RequestKey, SignIn, Link, OutboxLetter)
        assert {kind for kind in kinds if session.exec(select(kind)).first()} == left
    assert swept == 5 - len(left)


def test_what_is_still_needed_stays(world: World) -> None:
    name, now = new_id(), world.now
    account, old = world.accounts["focal_a"], world.now - timedelta(days=90)
    with world.service.database.writing() as session:
        session.add(
            SignIn(
                id=name,
                token_hash=name,
                account_id=account,
                second_factor=True,
                created_at=old,
                seen_at=now,
                expires_at=now,
            )
        )
        session.add(
            Link(id=name, token_hash=name, kind="invitation", account_id=account, created_at=old, expires_at=now)
        )
        session.add(OutboxLetter(id=name, recipient="", subject="", text="", created_at=old, next_try_at=now))
    assert sweep(world.service) == 0


def test_a_task_that_fails_is_done_again_and_stops_no_other(service: Service) -> None:
    tries: list[float] = []
    done: list[float] = []

    def fail(_service: Service) -> None:
        tries.append(time.monotonic())
        raise ValueError("a canary that is not for the log")

    with running(service, Task("fails", 0.02, fail), Task("works", 0.02, lambda _: done.append(0.0))):
        count_to(3, tries)
        count_to(3, done)


def test_two_processes_take_turns_on_postgresql(shared_folder: Path, tmp_path: Path) -> None:
    at_work, most, turns = threading.Semaphore(2), [], []

    def work(_service: Service) -> None:
        assert at_work.acquire(blocking=False)
        turns.append(0.0)
        time.sleep(0.05)
        most.append(at_work._value)
        at_work.release()

    task = Task("work", 0.01, work)
    with fresh_database("postgres", shared_folder, tmp_path) as url:
        services = [open_service(settings_for(url, tmp_path)) for _ in range(2)]
        with running(services[0], task), running(services[1], task):
            count_to(6, turns)
        for one in services:
            one.database.close()
    assert set(most) == {1}, "never two at once"


def test_it_stops_at_once_between_tasks(service: Service) -> None:
    done: list[float] = []
    with running(service, Task("rarely", 3600, lambda _: done.append(0.0))) as background:
        count_to(1, done)
        begun = time.monotonic()
        background.stop()
        assert time.monotonic() - begun < 1
    assert len(done) == 1


def test_the_tasks_of_the_service_can_all_be_done(world: World) -> None:
    with world.service.database.writing() as session:
        session.add_all(rows_of_age(world, days=31))
    for task in TASKS:
        task.act(world.service)
    assert (world.service.settings.data / "checkpoints").exists()
    with world.service.database.reading() as session:
        assert session.exec(select(FailedSignIn)).first() is None

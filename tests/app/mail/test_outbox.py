"""The outbox: letters are written with what causes them, arrive at least once, and are forgotten once they have."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from app.mail.outbox import FIRST_WAIT, MOST_TRIES, mail_is_on, queue_letter, send_waiting, wait_after
from app.mail.smtp import Letter
from questionnaire.compiled import CompiledInstrument
from tests.databases import fresh_database
from tests.sign_ins import NEW_WORDS, browser, enter, give_password, waiting_letters
from tests.world import World, running_world

Serve = Callable[..., Any]
Mailing = Callable[..., World]


@contextmanager
def mailing_world(url: str, folder: Path, instrument: CompiledInstrument, port: int) -> Iterator[World]:
    with running_world(url, folder, instrument, smtp_url=f"smtp://127.0.0.1:{port}?tls=none") as made:
        yield made


@pytest.fixture
def mailing(shared_folder: Path, tmp_path: Path, instrument: CompiledInstrument) -> Iterator[Mailing]:
    """Makes a world that mails by an inbox."""
    with ExitStack() as stack:
        url = stack.enter_context(fresh_database("sqlite", shared_folder, tmp_path))
        yield lambda inbox: stack.enter_context(mailing_world(url, tmp_path / "data", instrument, inbox.port))


def queue(world: World, to: str = "a@example.org", text: str = "Hello.\n") -> None:
    with world.work("use_link") as work:
        queue_letter(work, Letter(to, "MGI: Something", text))


def test_a_reset_arrives_with_a_link_and_no_answers(
    serve: Serve, database_url: str, tmp_path: Path, instrument: CompiledInstrument
) -> None:
    inbox = serve()
    with mailing_world(database_url, tmp_path / "data", instrument, inbox.port) as world:
        give_password(world, "focal_a")
        client = world.as_("focal_a")
        saved = {"values": {"groups": "all"}, "note": "SECRET-OF-THE-STATE."}
        path = f"/assessments/{world.assessments['a']}/answers/health-access"
        assert client.put(path, json=saved, headers={"If-Match": '"0"'}).status_code == 200
        browser(world).post("/password-reset", json={"email": "focal_a@example.org"})
        assert send_waiting(world.service) == 1
        text = inbox.message().get_content()
        token = re.search(r"\shttp://localhost/reset#(\S+)\s", text)
        assert token is not None
        assert inbox.envelopes[0].rcpt_tos == ["focal_a@example.org"]
        assert "SECRET" not in text
        done = browser(world).post("/password-reset/finish", json={"token": token[1], "password": NEW_WORDS})
        assert done.status_code == 204, done.text
        assert enter(browser(world), "focal_a", NEW_WORDS).status_code == 200


def test_two_loops_send_each_letter_once(
    serve: Serve, database_url: str, tmp_path: Path, instrument: CompiledInstrument
) -> None:
    inbox = serve()
    with mailing_world(database_url, tmp_path / "data", instrument, inbox.port) as world:
        for number in range(8):
            queue(world, f"p{number}@example.org")
        with ThreadPoolExecutor(4) as pool:
            sent = sum(pool.map(lambda _: send_waiting(world.service), range(4)))
    assert sent == 8
    assert sorted(envelope.rcpt_tos[0] for envelope in inbox.envelopes) == [f"p{n}@example.org" for n in range(8)]


def test_a_letter_goes_out_once_its_cause_is_committed(serve: Serve, mailing: Mailing) -> None:
    inbox = serve()
    world = mailing(inbox)
    with pytest.raises(ZeroDivisionError), world.work("use_link") as work:
        queue_letter(work, Letter("a@example.org", "MGI: Something", str(1 / len(work.roles))))
    assert (send_waiting(world.service), waiting_letters(world)) == (0, [])


def test_what_was_sent_is_forgotten(serve: Serve, mailing: Mailing) -> None:
    world = mailing(serve())
    queue(world, text="Hello, http://localhost/reset#s3cret\n")
    assert send_waiting(world.service) == 1
    letter = waiting_letters(world)[0]
    assert (letter.text, letter.sent_at, letter.tries, letter.error) == ("", world.now, 1, None)
    assert send_waiting(world.service) == 0


def test_a_server_that_is_away_is_tried_again_later_and_later(serve: Serve, mailing: Mailing) -> None:
    inbox = serve({"DATA": "451 please try again"})
    world = mailing(inbox)
    queue(world)
    for tries in (1, 2, 3):
        assert send_waiting(world.service) == 0
        letter = waiting_letters(world)[0]
        assert (letter.tries, letter.next_try_at - world.now) == (tries, FIRST_WAIT * 2 ** (tries - 1))
        assert send_waiting(world.service) == 0
        assert waiting_letters(world)[0].tries == tries
        world.now = letter.next_try_at
    assert "451 please try again" in (letter.error or "")
    del inbox.answers["DATA"]
    assert send_waiting(world.service) == 1
    assert inbox.message()["Message-ID"] == f"<{letter.id}@localhost>"


def cut_short_at_the_third_look(world: World) -> Callable[[], datetime]:
    """A clock that is looked at when the pass begins, when a letter is claimed, and, too late, once it was sent."""
    looks = iter((world.now, world.now))

    def look() -> datetime:
        for now in looks:
            return now
        raise KeyboardInterrupt

    return look


def test_a_letter_whose_sending_was_cut_short_is_sent_again(serve: Serve, mailing: Mailing) -> None:
    inbox = serve()
    world = mailing(inbox)
    queue(world)
    clock = world.service.clock
    world.service.clock = cut_short_at_the_third_look(world)
    with pytest.raises(KeyboardInterrupt):
        send_waiting(world.service)
    world.service.clock = clock
    assert (len(inbox.envelopes), send_waiting(world.service)) == (1, 0)
    world.later(minutes=3)
    assert send_waiting(world.service) == 1
    first, second = (message_from_bytes(envelope.content)["Message-ID"] for envelope in inbox.envelopes)
    assert first == second


def test_a_refused_address_is_marked_and_does_not_hold_up_the_others(serve: Serve, mailing: Mailing) -> None:
    world = mailing(serve())
    queue(world, "nobody at all", "http://localhost/reset#s3cret\n")
    queue(world)
    assert send_waiting(world.service) == 1
    failed = next(letter for letter in waiting_letters(world) if letter.sent_at is None)
    assert (failed.failed_at, failed.text) == (world.now, "")
    assert "not an e-mail address" in (failed.error or "")
    world.later(days=9)
    assert send_waiting(world.service) == 0


def test_after_three_failures_in_a_row_the_pass_ends(serve: Serve, mailing: Mailing) -> None:
    world = mailing(serve({"MAIL": "421 too busy"}))
    for number in range(5):
        queue(world, f"p{number}@example.org")
    assert send_waiting(world.service) == 0
    assert sorted(letter.tries for letter in waiting_letters(world)) == [0, 0, 1, 1, 1]


def test_a_letter_is_given_up_after_about_two_days(serve: Serve, mailing: Mailing) -> None:
    world = mailing(serve({"MAIL": "421 too busy"}))
    queue(world)
    for _ in range(MOST_TRIES):
        send_waiting(world.service)
        world.now = waiting_letters(world)[0].next_try_at
    letter = waiting_letters(world)[0]
    assert (letter.tries, letter.text) == (MOST_TRIES, "")
    assert letter.failed_at is not None
    assert timedelta(hours=24) < sum((wait_after(n) for n in range(1, MOST_TRIES)), timedelta()) < timedelta(days=3)


def test_without_a_mail_server_nothing_is_kept(sqlite_world: World) -> None:
    queue(sqlite_world)
    assert not mail_is_on(sqlite_world.service)
    assert (waiting_letters(sqlite_world), send_waiting(sqlite_world.service)) == ([], 0)

"""Single-use links: once, in time, and the newest alone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from app.errors import NotFound
from app.people.links import LinkKind, find_link, invitation_address, make_link, reset_address, use_link
from tests.sign_ins import change_account
from tests.world import World


def made(world: World, kind: LinkKind = "reset", **offer: Any) -> str:
    with world.work("use_link") as work:
        return make_link(work, kind, world.accounts["labour_a"], hours=1, **offer)


def used(world: World, secret: str, kind: LinkKind = "reset") -> bool:
    try:
        with world.work("use_link") as work:
            return use_link(work, kind, secret).account_id == world.accounts["labour_a"]
    except NotFound:
        return False


def test_a_link_serves_once(sqlite_world: World) -> None:
    secret = made(sqlite_world)
    with sqlite_world.work("use_link") as work:
        assert find_link(work, "reset", secret).used_at is None
    assert [used(sqlite_world, secret) for _ in range(2)] == [True, False]
    assert not used(sqlite_world, "no such link")


def test_of_many_at_once_one_alone_gets_it(world: World) -> None:
    secret = made(world)
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: used(world, secret), range(8))) == [False] * 7 + [True]


@pytest.mark.parametrize(("minutes", "serves"), [(59, True), (60, False)])
def test_a_link_ends_in_time(sqlite_world: World, minutes: int, serves: bool) -> None:
    secret = made(sqlite_world)
    sqlite_world.later(minutes=minutes)
    assert used(sqlite_world, secret) is serves


def test_a_newer_link_replaces_the_older_one_of_its_kind_and_role(sqlite_world: World) -> None:
    reset, role = made(sqlite_world), {"role": "contributor", "country": "KG"}
    invited = made(sqlite_world, "invitation", **role)
    elsewhere = made(sqlite_world, "invitation", **{**role, "country": "UZ"})
    newer = made(sqlite_world, "invitation", **role)
    assert [used(sqlite_world, link, "invitation") for link in (invited, elsewhere, newer)] == [False, True, True]
    assert used(sqlite_world, reset)


def test_an_invitation_is_no_reset(sqlite_world: World) -> None:
    assert not used(sqlite_world, made(sqlite_world, "invitation"))


def test_the_links_of_a_disabled_account_are_dead(sqlite_world: World) -> None:
    secret = made(sqlite_world)
    change_account(sqlite_world, "labour_a", disabled_at=sqlite_world.now)
    assert not used(sqlite_world, secret)


def test_what_fails_after_using_a_link_leaves_it_open(sqlite_world: World) -> None:
    secret = made(sqlite_world)
    with pytest.raises(ZeroDivisionError), sqlite_world.work("use_link") as work:
        assert 1 / (use_link(work, "reset", secret).used_at is None)
    assert used(sqlite_world, secret)


def test_the_secret_stands_after_the_sign_that_is_sent_to_no_server(sqlite_world: World) -> None:
    service = sqlite_world.service
    assert reset_address(service, "s3cret") == "http://localhost/reset#s3cret"
    assert invitation_address(service, "s3cret") == "http://localhost/invitation#s3cret"

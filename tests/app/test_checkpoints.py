"""Checkpoints: what grew is signed, and whatever is done to the file is found."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete
from sqlmodel import col

from app.checkpoints import Checkpoints, checkpoint_file, read_checkpoints, write_checkpoint
from app.models.record import Event
from app.people.countries import add_country
from app.record import ACCOUNTS
from app.verification.verifying import verify_service
from tests.teamwork import save
from tests.world import KEY, World


def file_of(world: World) -> Path:
    return checkpoint_file(world.service.settings)


def read(world: World) -> Checkpoints:
    return read_checkpoints(file_of(world), KEY.encode())


def faults(world: World) -> list[str]:
    return [str(fault) for fault in verify_service(world.service).faults]


def test_a_checkpoint_holds_each_chain_that_grew(world: World) -> None:
    assert write_checkpoint(world.service) == 3
    assert write_checkpoint(world.service) == 0
    save(world, 0)
    write_checkpoint(world.service)
    last = [mark.stream for mark in read(world).lines[3:] if mark]
    assert last == sorted([ACCOUNTS, world.assessments["a"]])
    assert faults(world) == []


def test_the_record_tells_how_many_lines_there_are(sqlite_world: World) -> None:
    write_checkpoint(sqlite_world.service)
    file = file_of(sqlite_world)
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-1]))
    assert [fault for fault in faults(sqlite_world) if "tells of 3 lines of checkpoints, of which 2 are there" in fault]
    file.unlink()
    assert [fault for fault in faults(sqlite_world) if "of which 0 are there" in fault]


def test_a_line_that_was_cut_short_is_told_and_mended_by_the_next_checkpoint(sqlite_world: World) -> None:
    write_checkpoint(sqlite_world.service)
    with file_of(sqlite_world).open("ab") as file:
        file.write(b'{"at":"2026')
    assert faults(sqlite_world) == ["checkpoints, line 4: it was cut short"]
    save(sqlite_world, 0)
    assert write_checkpoint(sqlite_world.service) > 0
    assert faults(sqlite_world) == []


def swapped(lines: list[bytes], random: Random) -> list[bytes]:
    first = random.randrange(len(lines) - 1)
    return [*lines[:first], lines[first + 1], lines[first], *lines[first + 2 :]]


def left_out(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    return lines[:place] + lines[place + 1 :]


def doubled(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    return [*lines[:place], lines[place], *lines[place:]]


def edited(lines: list[bytes], random: Random) -> list[bytes]:
    place = random.randrange(len(lines))
    mark = json.loads(lines[place])
    name = random.choice(sorted(mark))
    mark[name] = mark[name] + 1 if name == "seq" else mark[name][:-1] + ("a" if mark[name][-1] != "a" else "b")
    return [*lines[:place], json.dumps(mark, separators=(",", ":")).encode() + b"\n", *lines[place + 1 :]]


def flipped(lines: list[bytes], random: Random) -> list[bytes]:
    text = bytearray(b"".join(lines))
    text[random.randrange(len(text))] ^= 1 << random.randrange(8)
    return [bytes(text)]


def cut(lines: list[bytes], random: Random) -> list[bytes]:
    return [b"".join(lines)[: random.randrange(1, len(b"".join(lines)))]]


@pytest.mark.parametrize("way", [swapped, left_out, doubled, edited, flipped, cut], ids=lambda way: way.__name__)
def test_a_file_that_was_tampered_with_is_found(
    sqlite_world: World, way: Callable[[list[bytes], Random], list[bytes]]
) -> None:
    for version in range(4):
        save(sqlite_world, version, {"note": f"Version {version}."})
        write_checkpoint(sqlite_world.service)
    lines, random = file_of(sqlite_world).read_bytes().splitlines(keepends=True), Random(3)
    for _ in range(20):
        file_of(sqlite_world).write_bytes(b"".join(way(lines, random)))
        assert faults(sqlite_world)
    file_of(sqlite_world).write_bytes(b"".join(lines))
    assert faults(sqlite_world) == []


def test_a_database_set_back_and_grown_again_is_found_even_after_another_checkpoint(sqlite_world: World) -> None:
    write_checkpoint(sqlite_world.service)
    database = sqlite_world.service.database
    with database.writing() as session:
        session.connection().execute(delete(Event).where(col(Event.stream) == ACCOUNTS))
    for code in ("BG", "MK", "KZ", "TM", "AZ", "AM"):
        with sqlite_world.work("manage_countries") as work:
            add_country(work, code)
    write_checkpoint(sqlite_world.service)
    assert [fault for fault in faults(sqlite_world) if "the record was written anew" in fault]


def test_a_file_that_only_grew_by_our_own_lines_is_not_read_again(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_checkpoint(sqlite_world.service)
    read: list[Path] = []
    reading = Path.read_bytes

    def watched(path: Path) -> bytes:
        read.append(path)
        return reading(path)

    monkeypatch.setattr(Path, "read_bytes", watched)
    for version in range(3):
        save(sqlite_world, version, {"note": f"Version {version}."})
        assert write_checkpoint(sqlite_world.service) == 2
    assert file_of(sqlite_world) not in read
    monkeypatch.undo()
    assert faults(sqlite_world) == []


def test_a_file_that_was_put_in_the_place_of_ours_is_read_again(sqlite_world: World) -> None:
    write_checkpoint(sqlite_world.service)
    file = file_of(sqlite_world)
    text = file.read_bytes()
    file.unlink()
    file.write_bytes(text)
    assert write_checkpoint(sqlite_world.service) == 0
    file.unlink()
    assert write_checkpoint(sqlite_world.service) == 3

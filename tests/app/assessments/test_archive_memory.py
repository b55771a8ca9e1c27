"""An archive is written piece by piece: however much there is, little of it is in memory at once."""

import tracemalloc
import zipfile

from app.assessments.archive import begin_archive, finish_archive
from app.evidence.temporary import temporary_file
from app.models.documents import Draft
from tests.lived import acting, attach
from tests.world import World

DRAFTS, LETTERS = 100, 400_000


def _keep_drafts(world: World) -> None:
    """As many drafts as a government may cause that edits every answer after approval."""
    with world.service.database.writing() as session:
        for number in range(1, DRAFTS + 1):
            session.add(
                Draft(
                    assessment_id=world.assessments["a"], number=number, cause="submitted", submission=1,
                    document=f'"{number:07}{"x" * LETTERS}"', fingerprint="f", made_at=world.now,
                )
            )  # fmt: skip


def test_many_drafts_and_a_large_file_take_little_memory(world: World) -> None:
    _keep_drafts(world)
    attach(world, "large.txt", b"a law\n" * 3_000_000)
    with temporary_file() as out:
        tracemalloc.start()
        with acting(world, "focal_a", "export") as work:
            archive = begin_archive(work, out)
        finish_archive(world.service, archive, out)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        with zipfile.ZipFile(out) as written:
            documents = [name for name in written.namelist() if name.startswith("drafts/")]
    assert len(documents) == DRAFTS
    assert peak < DRAFTS * LETTERS / 3

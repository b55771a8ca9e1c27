"""The published snapshots on the pages: a list, the text with its corrections, the notice of one that was withdrawn."""

from questionnaire.response import Response
from tests.steps import approve, bring_to, consent, made, path, withdraw
from tests.visiting import visitor
from tests.world import World


def test_nothing_published_is_told(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "consented", response)
    anyone = visitor(sqlite_world)
    assert "Nothing is published yet." in anyone.get("/published").text
    assert anyone.get("/published/KG/2026").status == 404
    assert anyone.get("/published/XX/1999").status == 404


def test_anyone_reads_a_published_snapshot_and_downloads_it(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    anyone = visitor(sqlite_world)
    anyone.get("/published")
    page = anyone.follow("Kyrgyzstan 2026")
    assert page.heading == "Country snapshot: Kyrgyzstan"
    assert "All migrants, regardless of their legal status" in page.text
    assert page.find("//article[@lang='en'][@dir='ltr']")
    assert page.find("//article//a[contains(@href, '/draft')]") == []
    for name in ("PDF", "Word", "HTML", "Markdown", "JSON"):
        assert anyone.client.get(page.links()[name]).status_code == 200


def test_a_correction_is_told_with_its_date(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "erratum"), json={"reason": "A year was misread."}))
    sqlite_world.later(days=3)
    sqlite_world.forget_clients()
    approve(sqlite_world)
    consent(sqlite_world)
    erratum = {"erratum": "The year of the law was corrected."}
    made(sqlite_world.as_("reviewer").post(path(sqlite_world, "publication"), json=erratum))
    page = visitor(sqlite_world).get("/published/KG/2026")
    assert "18 January 2026 : The year of the law was corrected." in page.text
    assert "A year was misread." not in page.text


def test_a_withdrawn_snapshot_leaves_its_notice(sqlite_world: World, response: Response) -> None:
    bring_to(sqlite_world, "published", response)
    withdraw(sqlite_world)
    page = visitor(sqlite_world).get("/published/KG/2026")
    assert page.status == 410
    assert page.heading == "The snapshot of Kyrgyzstan 2026 was withdrawn"
    assert "A law was misread." in page.text
    assert "All migrants" not in page.text
    assert "Nothing is published yet." in visitor(sqlite_world).get("/published").text

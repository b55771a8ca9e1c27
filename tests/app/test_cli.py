"""The command line as a person uses it: real processes, exit codes, messages on stderr."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from questionnaire.loader import EXAMPLES

EXAMPLE = str(EXAMPLES / "kyrgyzstan-2018.yaml")
MGI = str(Path(sys.executable).parent / "mgi")


def mgi(*arguments: str, cwd: Path | None = None, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MGI, *arguments], capture_output=True, text=True, cwd=cwd, timeout=timeout)


def test_the_snapshot_is_written_in_all_formats(tmp_path: Path) -> None:
    done = mgi("snapshot", EXAMPLE, "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = [tmp_path / line for line in done.stdout.splitlines()]
    assert [path.suffix for path in written] == [".html", ".pdf", ".docx", ".md", ".json"]
    assert all(path.stat().st_size > 10_000 for path in written)
    assert "depositary" in done.stderr


def test_one_format_and_a_published_copy_can_be_chosen(tmp_path: Path) -> None:
    done = mgi("snapshot", EXAMPLE, "-o", str(tmp_path), "-f", "json", "--copy", "published")
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot-KG-2018-en.json"]
    document = json.loads(Path(done.stdout.strip()).read_text(encoding="utf-8"))
    assert document["draft_notice"] is None


def test_an_unknown_language_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    done = mgi("snapshot", EXAMPLE, "-o", str(tmp_path), "-l", "xx")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not translated into 'xx'; there is en." in done.stderr


def test_a_wrong_response_is_refused_with_every_reason_and_nothing_written(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("country: XX\nround: 2018\ndate: 2018\ninstrument: mgi-2018\nanswers: {nope: {}}\n")
    done = mgi("snapshot", str(wrong), "-o", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "wrong.yaml:1:" in done.stderr
    assert "wrong.yaml:5:" in done.stderr
    assert "2 problems." in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 100_000,
        b"a: &x [*x]\n",
        b"a: 1\na: 2\n",
        b"country: NO\n",
        b"x" * 10_000_000,
        b"\xff\xfe\x00",
        b"\x00",
        b"- 1\n",
        b"country: [KG]\nround: {a: 1}\ndate: true\ninstrument: 7\nsources: 1\nanswers: {health-access: [1], vote-local: 3}\n",
    ],
    ids=["nesting", "alias", "duplicate", "NO", "10 MB", "not UTF-8", "NUL", "a list", "wrong types"],
)
def test_malformed_yaml_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "response.yaml"
    file.write_bytes(content)
    done = mgi("response", "check", str(file))
    assert done.returncode == 1
    assert "response.yaml" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_a_missing_file_is_told() -> None:
    done = mgi("snapshot", "nowhere.yaml")
    assert done.returncode == 1
    assert "nowhere.yaml: there is no such file" in done.stderr


def test_check_has_an_exit_code_for_ready_wrong_and_missing(tmp_path: Path) -> None:
    assert mgi("response", "check", EXAMPLE).returncode == 0
    blank = tmp_path / "blank.yaml"
    assert mgi("response", "new", "--country", "KG", "-o", str(blank)).returncode == 0
    missing = mgi("response", "check", str(blank))
    assert missing.returncode == 3
    assert "Wrong: nothing" in missing.stdout
    assert "Missing for submission: 92" in missing.stdout
    blank.write_text(blank.read_text(encoding="utf-8").replace("health-access:", "helth-access:"))
    assert mgi("response", "check", str(blank)).returncode == 1


def test_a_new_response_never_overwrites_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("my work")
    done = mgi("response", "new", "--country", "KG", "-o", str(file))
    assert done.returncode == 2
    assert file.read_text() == "my work"


def test_a_country_by_its_name_is_helped_to_its_code() -> None:
    assert "Kyrgyzstan is KG" in mgi("response", "new", "--country", "Kyrgyzstan").stderr


def test_explain_tells_answers_rule_and_sentence() -> None:
    done = mgi("response", "explain", EXAMPLE, "1.01")
    for words in ("By rule 1", "groups = all (All migrants", "well-developed area", "<http://cbd.minjust.gov.kg"):
        assert words in done.stdout


def test_explain_says_why_something_is_not_asked() -> None:
    done = mgi("response", "explain", EXAMPLE, "strategy-implementation")
    assert "not asked, because an earlier answer makes it moot" in done.stdout
    assert "strategy-doc." in done.stdout


def test_a_misspelt_indicator_is_answered_with_the_nearest() -> None:
    done = mgi("instrument", "show", "helth-access")
    assert done.returncode == 2
    assert "did you mean 'health-access'?" in done.stderr


def test_lint_prints_what_it_walked_and_no_problem() -> None:
    done = mgi("instrument", "lint")
    assert done.returncode == 0, done.stderr
    figures = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines())
    assert (figures["indicators"], figures["problems"]) == ("92", "0")
    assert int(figures["combinations walked"].replace(",", "")) > 300
    assert int(figures["sentences rendered"].replace(",", "")) > 2000


def test_show_and_list_read_as_a_person_would() -> None:
    shown = mgi("instrument", "show", "1.01").stdout
    for words in ("? Which migrants", "Decision table", "groups = all", "Related: SDG"):
        assert words in shown
    listed = mgi("instrument", "list").stdout
    assert listed.count("\n     ") == 92


@pytest.mark.parametrize(("form", "words"), [("json", '"content_hash"'), ("pot", "msgctxt"), ("schema", '"$schema"')])
def test_the_instrument_is_exported(tmp_path: Path, form: str, words: str) -> None:
    file = tmp_path / "out"
    assert mgi("instrument", "export", "-f", form, "-o", str(file)).returncode == 0
    assert words in file.read_text(encoding="utf-8")


def test_help_names_every_command() -> None:
    done = mgi("--help")
    for command in ("snapshot", "instrument", "response"):
        assert command in done.stdout


def test_an_unfinished_response_gives_a_draft_that_says_so_and_no_published_copy(tmp_path: Path) -> None:
    blank = tmp_path / "blank.yaml"
    mgi("response", "new", "--country", "GH", "-o", str(blank))
    draft = mgi("snapshot", str(blank), "-o", str(tmp_path), "-f", "md")
    assert draft.returncode == 0
    assert "92 things are missing" in draft.stderr
    text = Path(draft.stdout.strip()).read_text(encoding="utf-8")
    assert text.count("Not all indicators of this domain have been answered yet.") == 12
    published = mgi("snapshot", str(blank), "-o", str(tmp_path / "out"), "--copy", "published")
    assert published.returncode == 3
    assert not (tmp_path / "out").exists()


def test_one_wrong_answer_does_not_keep_another_from_being_explained(tmp_path: Path) -> None:
    file = tmp_path / "response.yaml"
    text = Path(EXAMPLE).read_text(encoding="utf-8")
    file.write_text(text.replace("border-agency:", "border-agncy:"), encoding="utf-8")
    assert "Printed:" in mgi("response", "explain", str(file), "1.01").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("snapshot", EXAMPLE, "-o", "a-file"),
        ("response", "new", "-c", "KG", "-o", "nowhere/new.yaml"),
        ("instrument", "export", "-o", "a-folder"),
        ("instrument", "lint", "-i", "a" * 300),
        ("snapshot", "a-folder"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_without_a_traceback(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a-file").write_text("mine")
    (tmp_path / "a-folder").mkdir()
    done = mgi(*arguments, cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()
    assert (tmp_path / "a-file").read_text() == "mine"


def test_a_template_is_utf_8_on_any_terminal(tmp_path: Path) -> None:
    done = subprocess.run([MGI, "response", "new", "-c", "KG"], capture_output=True, env={"PYTHONIOENCODING": "cp866"})
    file = tmp_path / "new.yaml"
    file.write_bytes(done.stdout)
    assert "Wrong: nothing" in mgi("response", "check", str(file)).stdout


def test_a_draft_and_a_published_copy_stand_side_by_side(tmp_path: Path) -> None:
    for copy in ("draft", "published"):
        mgi("snapshot", EXAMPLE, "-o", str(tmp_path), "-f", "md", "--copy", copy)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_message_cannot_forge_lines_or_colours(tmp_path: Path) -> None:
    file = tmp_path / "response.yaml"
    file.write_text('country: KG\nround: 2018\ndate: 2018\ninstrument: mgi-2018\nanswers: {"x\\n1: fine\\e[31m": {}}\n')
    done = mgi("response", "check", str(file))
    assert "\x1b" not in done.stdout
    assert "\n1: fine" not in done.stdout

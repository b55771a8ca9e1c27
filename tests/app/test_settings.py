"""Settings: each unsafe or unreadable one is refused by name, and no secret is ever told."""

from pathlib import Path

import pytest

from app.settings import FROM_FILES, Settings, UnsafeSettings, read_settings
from tests.world import KEY

SAFE = {"MGI_SECRET_KEY": KEY, "MGI_BASE_URL": "https://mgi.example.org"}
HIDDEN = "s3cr3t-and-nobody-elses"
UNSAFE: dict[str, tuple[dict[str, str], str]] = {
    "no key": ({"MGI_SECRET_KEY": ""}, "MGI_SECRET_KEY"),
    "short key": ({"MGI_SECRET_KEY": "x" * 31}, "MGI_SECRET_KEY should have at least 32"),
    "plain http": ({"MGI_BASE_URL": "http://mgi.example.org"}, "MGI_BASE_URL should begin with https"),
    "no address": ({"MGI_BASE_URL": "mgi.example.org"}, "MGI_BASE_URL"),
    "public demo": ({"MGI_DEMO": "true"}, "MGI_DEMO"),
    "no switch": ({"MGI_DEMO": "perhaps"}, "MGI_DEMO"),
    "no number": ({"MGI_THREADS": "many"}, "MGI_THREADS"),
    "too many": ({"MGI_THREADS": "1000"}, "MGI_THREADS"),
    "negative": ({"MGI_EVIDENCE_LIMIT": "-1"}, "MGI_EVIDENCE_LIMIT"),
    "other database": ({"DATABASE_URL": f"mysql://mgi:{HIDDEN}@host/mgi"}, "DATABASE_URL should begin with"),
    "no mail server": ({"MGI_SMTP_URL": f"http://mgi:{HIDDEN}@mail"}, "MGI_SMTP_URL"),
    "plain mail": ({"MGI_SMTP_URL": f"smtp://mgi:{HIDDEN}@mail.example.org?tls=none"}, "MGI_SMTP_URL"),
    "no sender": ({"MGI_SMTP_URL": "smtp://mail.example.org", "MGI_MAIL_FROM": "nobody"}, "MGI_MAIL_FROM"),
    "no folder": ({"MGI_EVIDENCE_URL": "/data/files"}, "MGI_EVIDENCE_URL should look like"),
    "no bucket": ({"MGI_EVIDENCE_URL": "s3:///files"}, "MGI_EVIDENCE_URL should look like"),
    "a bucket without a key": ({"MGI_EVIDENCE_URL": "s3://bucket/files"}, "MGI_S3_ACCESS_KEY"),
    "no such file": ({"MGI_SMTP_URL_FILE": "/nowhere/at/all"}, "MGI_SMTP_URL_FILE: /nowhere/at/all cannot be read"),
    "both ways": ({"MGI_SECRET_KEY_FILE": "/nowhere"}, "MGI_SECRET_KEY and MGI_SECRET_KEY_FILE are both set"),
}


def set_all(monkeypatch: pytest.MonkeyPatch, *given: dict[str, str]) -> None:
    """The environment has these settings and no others."""
    for name in [*FROM_FILES, *(f"MGI_{name.upper()}" for name in Settings.model_fields)]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    for settings in given:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)


@pytest.mark.parametrize("case", UNSAFE)
def test_an_unsafe_setting_is_refused_by_its_name(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, message = UNSAFE[case]
    set_all(monkeypatch, SAFE, given)
    with pytest.raises(UnsafeSettings, match=message) as refused:
        read_settings()
    assert HIDDEN not in str(refused.value)
    assert KEY not in str(refused.value)


def test_a_missing_key_is_told_with_a_way_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    with pytest.raises(UnsafeSettings, match=r"MGI_SECRET_KEY is not set .*token_urlsafe"):
        read_settings()


def test_safe_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"DATABASE_URL": "postgres://mgi@host/mgi", "MGI_EVIDENCE_URL": "file:///srv/files", "MGI_THREADS": "4"}
    set_all(monkeypatch, SAFE, more, {"MGI_SMTP_URL": "smtps://mgi:word@mail.example.org"})
    settings = read_settings()
    assert (settings.database, settings.threads, settings.secure) == ("postgresql+psycopg://mgi@host/mgi", 4, True)


def test_secrets_are_read_from_files_and_never_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secrets = {
        "DATABASE_URL": f"postgresql://mgi:{HIDDEN}@host/mgi",
        "MGI_SECRET_KEY": f"{HIDDEN}{'x' * 32}",
        "MGI_SMTP_URL": f"smtp://mgi:{HIDDEN}@mail.example.org",
        "MGI_S3_ACCESS_KEY": HIDDEN,
        "MGI_S3_SECRET_KEY": HIDDEN,
        "MGI_METRICS_TOKEN": HIDDEN,
    }
    assert set(secrets) == set(FROM_FILES)
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    files = {f"{name}_FILE": str(tmp_path / name) for name in secrets}
    set_all(monkeypatch, {"MGI_BASE_URL": "https://mgi.example.org"}, files)
    settings = read_settings()
    assert settings.key == secrets["MGI_SECRET_KEY"].encode()
    assert HIDDEN in settings.database
    assert HIDDEN not in f"{settings!r} {settings} {settings.model_dump()}"

"""Tests for the names of evidence: nothing in a name misleads a reader, leaves its folder or breaks a header."""

import re
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.evidence.checking import content_disposition, safe_name

PDF = "application/pdf"


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("law.pdf", "law.pdf"),
        ("LAW.PDF", "LAW.PDF"),
        ("law", "law.pdf"),
        ("law.2018", "law.2018.pdf"),
        ("law.exe", "law.exe.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\laws\No. 61.pdf", "No. 61.pdf"),
        ("/", "evidence.pdf"),
        ("", "evidence.pdf"),
        ("....", "evidence.pdf"),
        (".pdf", "pdf.pdf"),
        ("law\0.exe", "law.exe.pdf"),
        ('law"\r\nSet-Cookie: a=b;.pdf', "law_Set-Cookie_ a=b;.pdf"),
        ("law\u202efdp.exe", "lawfdp.exe.pdf"),
        ("con", "_con.pdf"),
        ("NUL.txt", "_NUL.txt.pdf"),
        ("com¹.pdf", "_com¹.pdf"),
        ("console.pdf", "console.pdf"),
        ("  law \t of  2018 .pdf", "law of 2018.pdf"),
        ("ច្បាប់ស្តីពីអន្តោប្រវេសន៍.pdf", "ច្បាប់ស្តីពីអន្តោប្រវេសន៍.pdf"),
        ("قانون الهجرة ٢٠١٨.pdf", "قانون الهجرة ٢٠١٨.pdf"),
        ("می\u200cخواهم.pdf", "می\u200cخواهم.pdf"),
        ("law\ud800.pdf", "law.pdf"),
        ("a" * 5000, "a" * 116 + ".pdf"),
    ],
)
def test_a_name_becomes_safe_and_keeps_its_script(given_name: str, safe: str) -> None:
    assert safe_name(given_name, PDF) == safe


def test_a_picture_and_a_table_keep_the_extension_that_fits_them() -> None:
    assert safe_name("scan.jpeg", "image/jpeg") == "scan.jpeg"
    assert safe_name("table.txt", "text/csv") == "table.txt"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_any_name_at_all_comes_out_short_plain_and_unchanged_the_second_time(name: str) -> None:
    safe = safe_name(name, PDF)
    assert safe.endswith((".pdf", ".PDF")) or safe.lower().endswith(".pdf")
    assert len(safe) <= 121
    assert len(safe.encode()) <= 201
    assert not re.search(r'[\x00-\x1f\x7f-\x9f/\\<>:"|?*\u202a-\u202e\u2066-\u2069]', safe)
    assert safe_name(safe, PDF) == safe


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=200))
def test_any_name_makes_one_header_that_gives_the_name_back(name: str) -> None:
    header = content_disposition(name)
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9 ._()-]+\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", header)
    assert unquote(header.split("UTF-8''")[1]) == safe_name(name)


def test_the_header_has_a_plain_name_for_old_browsers() -> None:
    assert content_disposition('Закон "61" 100%.pdf').startswith('attachment; filename="61_ 100.pdf"; filename*=')
    assert content_disposition("قانون.pdf").startswith('attachment; filename="evidence.pdf"; filename*=')

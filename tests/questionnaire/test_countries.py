"""The countries: the 193 Member States of the United Nations and its two observer States, in forms that a sentence can use."""

import pytest
from babel import Locale

from questionnaire.compiled import CompiledInstrument
from questionnaire.loader import CONTENT, read_yaml
from questionnaire.model import Country


@pytest.fixture(scope="module")
def countries(instrument: CompiledInstrument) -> list[Country]:
    return list(instrument.countries["en"].values())


def test_there_are_195_each_once_in_order_of_their_codes(countries: list[Country]) -> None:
    listed = [entry["code"] for entry in read_yaml(CONTENT / "countries" / "en.yaml").data["countries"]]
    assert listed == sorted(set(listed))
    assert len(countries) == len(listed) == 195
    assert {"VA", "PS", "NO", "KG"} <= set(listed)
    assert not {"TW", "HK", "XK", "EH", "CK"} & set(listed)


def test_each_code_is_a_territory_that_cldr_knows(countries: list[Country]) -> None:
    territories = Locale("en").territories
    assert [country.code for country in countries if country.code not in territories] == []


def test_most_names_are_those_of_cldr_and_the_others_are_un_usage(countries: list[Country]) -> None:
    territories = Locale("en").territories
    other = {c.code for c in countries if territories[c.code].replace("&", "and") not in (c.name, c.country)}
    assert {"RU", "SY", "VN", "LA", "MD", "KP", "KR"} <= other
    assert len(other) < 40


def test_the_forms_fit_together(countries: list[Country]) -> None:
    for country in countries:
        assert country.in_country == f"in {country.country}", country.code
        assert country.of_country == f"of {country.country}", country.code
        assert "  " not in "".join(country.model_dump().values())
        assert country.nationals.startswith("nationals of ") or country.nationals.endswith(" nationals"), country.code


def test_no_two_countries_share_a_name_or_the_name_of_their_nationals(countries: list[Country]) -> None:
    for field in ("name", "formal", "country", "nationals"):
        values = [getattr(country, field) for country in countries]
        assert sorted(values) == sorted(set(values)), field

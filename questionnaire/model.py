"""The instrument as typed data: domains, indicators, questions, options, rules and fixed texts.

These models hold what the YAML says, one to one; `questionnaire.compiled` adds what follows from it. Every model is frozen
and refuses unknown fields.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from questionnaire import sentences
from questionnaire.conditions import Condition
from questionnaire.text import clean_text
from questionnaire.wording import Joined


def readable(text: str) -> str:
    """The text as it is; `ValueError` if it holds a character that no instrument may hold."""
    if not text.isprintable():
        clean_text(text)
    return text


def _with_endings(words: str) -> str:
    if not _AVOIDED.fullmatch(words):
        raise ValueError("a * stands for any ending; please put it at the end of a word, or leave it out")
    return words


Area = Literal["well_developed", "potential"]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(readable)]
SentenceText = Annotated[sentences.SentenceText, AfterValidator(readable)]
WordsToAvoid = Annotated[Text, AfterValidator(_with_endings)]
ConventionId = IndicatorId
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

_AVOIDED = re.compile(r"[^\s*]+\*?(?:\s[^\s*]+\*?)*")

RATIFICATION_STATUSES = ("ratified", "acceded", "succeeded", "signed", "none")
RatificationStatus = Literal["ratified", "acceded", "succeeded", "signed", "none"]


class Part(BaseModel):
    """A piece of the instrument: immutable, and strict about its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Part):
    """A possible answer to a closed question; `phrase` is how a sentence says it."""

    id: Name
    label: Text
    phrase: Text | None = None
    exclusive: bool = False


class BaseQuestion(Part):
    """What every type of question has."""

    id: Name
    text: Text
    help: Text
    asked_when: Condition = ()


class ChoiceQuestion(BaseQuestion):
    """One option."""

    type: Literal["choice"]
    options: tuple[Option, ...] = Field(min_length=2, max_length=20)


class ChoicesQuestion(BaseQuestion):
    """One or more options; an `exclusive` one stands alone."""

    type: Literal["choices"]
    joined: Joined = "and"
    options: tuple[Option, ...] = Field(min_length=2, max_length=40)


class YesNoQuestion(BaseQuestion):
    """`yes` or `no`."""

    type: Literal["yes_no"]


class YearQuestion(BaseQuestion):
    """A year of the Gregorian calendar."""

    type: Literal["year"]
    min: int = Field(1900, ge=1000, le=2200)
    max: int = Field(2100, ge=1000, le=2200)


class NumberQuestion(BaseQuestion):
    """A whole number."""

    type: Literal["number"]
    min: int = Field(0, ge=-(10**12), le=10**12)
    max: int = Field(10**12, ge=-(10**12), le=10**12)


class OpenQuestion(BaseQuestion):
    """Words, countries or languages that fill in a sentence; `joined` says how a list of them is told."""

    type: Literal["text", "paragraph", "countries", "languages"]
    joined: Joined = "and"


class SourceQuestion(BaseQuestion):
    """One source, or several, of the named kinds."""

    type: Literal["source", "sources"]
    kinds: tuple[Name, ...] = Field(min_length=1)


class RatificationQuestion(BaseQuestion):
    """The status of a convention: status, year, reservations."""

    type: Literal["ratification"]
    convention: ConventionId


Question = Annotated[
    ChoiceQuestion
    | ChoicesQuestion
    | YesNoQuestion
    | YearQuestion
    | NumberQuestion
    | OpenQuestion
    | SourceQuestion
    | RatificationQuestion,
    Field(discriminator="type"),
]
ClosedQuestion = ChoiceQuestion | ChoicesQuestion | YesNoQuestion | RatificationQuestion


def closed_options(question: ClosedQuestion) -> tuple[str, ...]:
    """The ids that an answer to a closed question can hold."""
    if isinstance(question, YesNoQuestion):
        return ("yes", "no")
    if isinstance(question, RatificationQuestion):
        return RATIFICATION_STATUSES
    return tuple(option.id for option in question.options)


class FindingRule(Part):
    """These answers make a finding, told by this sentence in this area."""

    when: Condition = ()
    area: Area
    text: SentenceText
    why: Text | None = None


class NotApplicableRule(Part):
    """These answers say that the indicator does not apply, for this reason."""

    when: Condition = ()
    not_applicable: Text
    why: Text | None = None


class RowRule(Part):
    """The answer fills a row of the conventions table."""

    when: Condition = ()
    row: ConventionId


def _rule_kind(value: Any) -> str:
    """Which rule it is, by the key that only that one has."""
    names = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((key for key in ("not_applicable", "row") if key in names), "finding")


Rule = Annotated[
    Annotated[FindingRule, Tag("finding")]
    | Annotated[NotApplicableRule, Tag("not_applicable")]
    | Annotated[RowRule, Tag("row")],
    Discriminator(_rule_kind),
]


RequiringOutcome = Literal["well_developed", "potential", "row"]


def requiring_outcome(rule: Rule) -> RequiringOutcome | None:
    """What `requires` calls the outcome of a rule: its area, or a row of the conventions table."""
    if isinstance(rule, FindingRule):
        return rule.area
    return "row" if isinstance(rule, RowRule) else None


class Related(Part):
    """Sustainable Development Goal targets, and objectives of the Global Compact for Migration."""

    sdg: tuple[Annotated[str, StringConstraints(pattern=r"^(1[0-7]|[1-9])\.([0-9]{1,2}|[a-d])$")], ...] = ()
    gcm: tuple[Annotated[int, Field(ge=1, le=23)], ...] = ()


class Indicator(Part):
    """One topic: its questions, and the rules from closed answers to an outcome."""

    id: IndicatorId
    number: Annotated[str, StringConstraints(pattern=r"^[1-9]\.[0-9]{2}$")]
    title: Text
    asked_when: Condition = ()
    questions: tuple[Question, ...] = Field(min_length=1, max_length=4)
    findings: tuple[Rule, ...] = Field(min_length=1)
    requires: dict[RequiringOutcome, tuple[Name, ...]] = Field(default_factory=dict)
    qualifies: IndicatorId | None = None
    related: Related = Related()

    def question(self, question_id: str) -> Question | None:
        """The question of that id, if there is one."""
        return next((question for question in self.questions if question.id == question_id), None)


class Subdomain(Part):
    """A group of indicators that are told in one paragraph."""

    title: Text
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Domain(Part):
    """One of the six domains of the Migration Governance Framework."""

    number: int = Field(ge=1, le=9)
    title: Text
    short_title: Text
    migof: Text
    subdomains: tuple[Subdomain, ...] = Field(min_length=1)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Its indicators, in order."""
        return tuple(indicator for subdomain in self.subdomains for indicator in subdomain.indicators)


class Convention(Part):
    """A treaty of the conventions table."""

    id: ConventionId
    name: Text
    short_name: Text
    depositary: Text
    adopted: int = Field(ge=1900, le=2100)
    in_force: int = Field(ge=1900, le=2100)
    depositary_dates: dict[str, int] = Field(default_factory=dict)


class SourceKind(Part):
    """What a source can be. A `stands_for_any` kind is accepted wherever a source is asked, and not named in sentences."""

    id: Name
    label: Text
    stands_for_any: bool = False
    public: bool = True


def _complete(statuses: dict[RatificationStatus, str]) -> dict[RatificationStatus, str]:
    missing = [status for status in RATIFICATION_STATUSES if status not in statuses]
    if missing:
        raise ValueError(f"there is no text for {', '.join(missing)}")
    return statuses


class SnapshotTexts(Part):
    """The fixed texts of the snapshot; they may hold the country's forms, `{name}`, `{formal}` and what is said below."""

    programme: SentenceText
    title: SentenceText
    contents: SentenceText
    round: SentenceText = Field(description="with {round}")
    date: SentenceText = Field(description="with {date}")
    draft_notice: SentenceText
    introduction: tuple[SentenceText, ...] = Field(
        min_length=1, description="with {hereafter}, the short form where it differs from the formal name"
    )
    footnote: SentenceText
    disclaimer: SentenceText
    key_findings: SentenceText
    conventions_heading: SentenceText
    conventions_introduction: SentenceText
    convention_column: SentenceText
    ratified_column: SentenceText
    statuses: Annotated[dict[RatificationStatus, SentenceText], AfterValidator(_complete)] = Field(
        description="with {year}, which may be missing"
    )
    status_unknown: SentenceText
    conflict: SentenceText = Field(description="with {year} as answered and {depositary_year}")
    well_developed_heading: SentenceText
    potential_heading: SentenceText
    nothing_well_developed: SentenceText
    nothing_potential: SentenceText
    nothing_yet: SentenceText = Field(description="where indicators of the domain are not answered")
    sources_heading: SentenceText
    sources_introduction: SentenceText
    no_sources: SentenceText
    page: SentenceText = Field(description="with {page} and {pages}")
    about_document: SentenceText


class Instrument(Part):
    """The questionnaire with its rules and texts, in its source language."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]+$")]
    title: Text
    language: Language
    locales: dict[Language, Text]
    source_kinds: tuple[SourceKind, ...] = Field(min_length=1)
    words_to_avoid: tuple[WordsToAvoid, ...] = ()
    texts: SnapshotTexts
    conventions: tuple[Convention, ...]
    domains: tuple[Domain, ...] = Field(min_length=1)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in order."""
        return tuple(indicator for domain in self.domains for indicator in domain.indicators)


class Country(Part):
    """A country with its names, and the forms in which a sentence needs them, in one language."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    name: Text
    formal: Text
    country: Text
    in_country: Text
    of_country: Text
    nationals: Text


class CountryList(Part):
    """The countries that a response can be of, in order of their ISO codes."""

    countries: tuple[Country, ...] = Field(min_length=1)

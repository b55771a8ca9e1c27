"""Routes of forms: a domain or an indicator as any JSON Forms client draws it; a domain's form is sent back whole."""

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.api.answers import EXAMPLE
from app.api.calls import Call, Id, IndicatorName, etag, may
from app.api.headers import NOT_MODIFIED, IfNoneMatch, still_holds
from app.api.problems import FieldError, declared
from app.assessments.forms import (
    DrawnForm,
    Status,
    answered_of_asked,
    find_domain_form,
    find_indicator_form,
    save_form,
)
from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn, WrongState
from app.work import Work

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["forms"])

DomainNumber = Annotated[int, Path(ge=1, le=99, description="The number of a domain.", examples=[1])]
Language = Annotated[
    str | None, Query(pattern="^[a-z]{2,3}$", description="The language of the form; English if left out.")
]
FormKey = Annotated[str, StringConstraints(pattern="^[a-z0-9-]{1,80}$")]
_READING = declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid) | NOT_MODIFIED


class LinkOut(BaseModel):
    """Where to act, and how."""

    href: str
    method: str = "GET"


class FormErrorOut(BaseModel):
    """What is still missing before submission, in the shape of the validator's errors (`additionalErrors` of JSON Forms)."""

    model_config = ConfigDict(populate_by_name=True)

    place: str = Field(alias="instancePath", description="A JSON Pointer into `data`.", examples=["/health-access"])
    message: str
    keyword: str = "missing"
    way: str = Field("", alias="schemaPath")
    params: dict[str, Any] = {}


class FormProgressOut(BaseModel):
    """How many indicators of the form are asked, and how many of these are answered."""

    answered: int
    asked: int


_FORM_EXAMPLE: dict[str, Any] = {
    "schema": {"type": "object", "properties": {"health-access": {"type": "object"}}},
    "uischema": {"type": "VerticalLayout", "elements": []},
    "data": {"health-access": {**EXAMPLE, "version": 3}},
    "context": {},
    "versions": {"health-access": 3},
    "errors": [],
    "links": {"self": {"href": "/api/v1/assessments/k3qhx7p2m5vbn4wzt6ya/forms/1", "method": "GET"}},
}


class IndicatorFormOut(BaseModel):
    """What a client needs to draw a form, and to act on it."""

    model_config = ConfigDict(populate_by_name=True, json_schema_extra={"example": _FORM_EXAMPLE})

    json_schema: dict[str, Any] = Field(alias="schema", description="JSON Schema 2020-12 of `data`.")
    uischema: dict[str, Any] = Field(description="JSON Forms: the controls, and the rules that show them.")
    data: dict[str, Any] = Field(description="The answers, by indicator.")
    context: dict[str, Any] = Field(description="What the rules test of indicators outside the form; read-only.")
    versions: dict[str, int] = Field(description="The version of each answer; 0 for one never given.")
    errors: list[FormErrorOut]
    links: dict[str, LinkOut]


class FormOut(IndicatorFormOut):
    """The form of a domain."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_FORM_EXAMPLE, "progress": {"answered": 4, "asked": 21}}}
    )

    progress: FormProgressOut


class FormIn(BaseModel):
    """A domain's form sent back: `data` and `versions` as they were given, with what was filled in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"data": {"health-access": EXAMPLE}, "versions": {"health-access": 3}}},
    )

    data: dict[FormKey, Any] = Field(max_length=200)
    versions: dict[FormKey, Annotated[int, Field(ge=0, le=10**9)]] = Field(max_length=200)


class ReturnedPartOut(BaseModel):
    """What became of one indicator. In a conflict `answer` is what someone else saved, and `yours` what was sent."""

    indicator: str
    status: Status
    version: int = Field(description="The version that stands now.")
    answer: dict[str, Any] | None = Field(description="What stands now; null where yours is invalid.")
    yours: dict[str, Any] | None = None
    saved_by: str | None = None
    remarks: list[str] = []
    errors: list[FieldError] = Field([], description="Fields to mend; a path leads into `data`.")


class ReturnedFormOut(BaseModel):
    """What became of a form. What fits is saved, even where other parts are in conflict or invalid."""

    complete: bool = Field(description="Whether everything sent now stands as it was sent, or was not changed by you.")
    indicators: list[ReturnedPartOut]


@router.get("/forms/{domain}", response_model=FormOut, responses=_READING)
def get_form(
    call: Annotated[Call, may("see_answers")],
    assessment_id: Id,
    domain: DomainNumber,
    language: Language = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """A domain as a form: schema, uischema and data for JSON Forms. Contributors get the indicators assigned to them."""
    with call.on_assessment(assessment_id) as work:
        drawn = find_domain_form(work, domain, language)
        answered, asked = answered_of_asked(work, domain)
        links = _domain_links(work, domain)
    progress = FormProgressOut(answered=answered, asked=asked)
    return _sent(FormOut(**_parts(drawn), links=links, progress=progress), if_none_match)


@router.put("/forms/{domain}", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def put_form(
    call: Annotated[Call, may("save_answer")], assessment_id: Id, domain: DomainNumber, form: FormIn
) -> ReturnedFormOut:
    """Send a domain's form back whole. What fits is saved, in one transaction; conflicts and faults are listed."""
    with call.on_assessment(assessment_id) as work:
        parts = [
            ReturnedPartOut.model_validate(part, from_attributes=True)
            for part in save_form(work, domain, form.data, form.versions)
        ]
    complete = all(part.status in ("unchanged", "saved") for part in parts)
    return ReturnedFormOut(complete=complete, indicators=parts)


@router.get("/answers/{indicator}/form", response_model=IndicatorFormOut, responses=_READING)
def get_indicator_form(
    call: Annotated[Call, may("see_answers")],
    assessment_id: Id,
    indicator: IndicatorName,
    language: Language = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """One indicator as a form; `data` has the context too. Send `data[indicator]` back, as an answer or a contribution."""
    with call.on_assessment(assessment_id) as work:
        drawn = find_indicator_form(work, indicator, language)
        links = _indicator_links(work, indicator)
    return _sent(IndicatorFormOut(**_parts(drawn), links=links), if_none_match)


def _parts(drawn: DrawnForm) -> dict[str, Any]:
    return {
        **drawn.form._asdict(),
        "context": drawn.form.data.get("context", {}),
        "versions": drawn.versions,
        "errors": [FormErrorOut(place=error.place, message=error.message) for error in drawn.errors],
    }


def _sent(form: IndicatorFormOut, if_none_match: str | None) -> Response:
    """The form with its ETag, or that the one at hand still holds."""
    body = form.model_dump_json(by_alias=True).encode()
    tag = etag(hashlib.sha256(body).hexdigest()[:32])
    if still_holds(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, headers={"ETag": tag}, media_type="application/json")


def _domain_links(work: Work, domain: int) -> dict[str, LinkOut]:
    own = f"/api/v1/assessments/{work.assessment.id}/forms/{domain}"
    save = {"save": LinkOut(href=own, method="PUT")} if work.allows("save_answer") else {}
    return {"self": LinkOut(href=own), **save, **_links(work)}


def _indicator_links(work: Work, indicator: str) -> dict[str, LinkOut]:
    own = f"/api/v1/assessments/{work.assessment.id}"
    acts = {
        "save": ("save_answer", LinkOut(href=f"{own}/answers/{indicator}", method="PUT")),
        "propose": ("propose", LinkOut(href=f"{own}/contributions/{indicator}", method="POST")),
    }
    allowed = {name: link for name, (action, link) in acts.items() if work.allows(action)}
    return {"self": LinkOut(href=f"{own}/answers/{indicator}/form"), **allowed, **_links(work)}


def _links(work: Work) -> dict[str, LinkOut]:
    """What else there is to do around a form, as far as the person may."""
    places = {
        "answers": "see_answers",
        "sources": "see_sources",
        "evidence": "see_evidence",
        "comments": "see_comments",
        "progress": "see_progress",
        "missing": "see_missing",
    }
    own = f"/api/v1/assessments/{work.assessment.id}"
    return {name: LinkOut(href=f"{own}/{name}") for name, action in places.items() if work.allows(action)}

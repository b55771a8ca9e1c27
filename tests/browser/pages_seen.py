"""Which pages are looked at, as whom, and in which state of the assessment: every page of the service, by its path."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

ASSESSMENT = "/assessments/{assessment_id}"
INDICATOR = ASSESSMENT + "/indicators/{indicator}"
COUNTRY = "/countries/{code}"
ADMINISTRATION = "/administration"

ABOUT_ANYONE: Mapping[str, str] = {
    "/": "anonymous, focal_a",
    "/sign-in": "anonymous",
    "/signed-in": "focal_a",
    "/sign-in/code": "half signed in",
    "/sign-in/second-factor": "focal_a",
    "/reset/ask": "anonymous",
    "/reset/asked": "anonymous",
    "/reset": "anonymous",
    "/invitation": "anonymous",
    "/published": "anonymous",
    "/published/{country}/{round}": "anonymous",
    "/help": "anonymous",
    "/privacy": "anonymous",
    "/accessibility": "anonymous",
    "/contact": "anonymous",
    "/account": "focal_a",
    "/account/details": "focal_a",
    "/account/password": "focal_a",
    "/account/tokens": "focal_a",
    "/account/tokens/{token_id}/revoke": "focal_a",
    "/account/sign-ins": "focal_a",
    "/account/sign-out-everywhere": "focal_a",
    "/account/second-factor": "focal_a",
    "/account/second-factor/recovery-codes": "focal_a",
    "/account/second-factor/remove": "focal_a",
    "/account/invitations": "nobody",
    "/assessments": "focal_a, reviewer, administrator, nobody",
    "/instruments/{name}": "focal_a",
    "/instruments/{name}/{indicator}": "focal_a",
    ADMINISTRATION: "administrator",
    ADMINISTRATION + "/countries": "administrator",
    ADMINISTRATION + "/rounds": "administrator",
    ADMINISTRATION + "/rounds/new": "administrator",
    ADMINISTRATION + "/accounts": "administrator",
    ADMINISTRATION + "/accounts/{account_id}": "administrator",
    ADMINISTRATION + "/accounts/{account_id}/email": "administrator",
    ADMINISTRATION + "/accounts/{account_id}/roles/{grant_id}/end": "administrator",
    ADMINISTRATION + "/accounts/{account_id}/{step}": "administrator",
    ADMINISTRATION + "/invitations": "administrator",
    ADMINISTRATION + "/invitations/new": "administrator",
    ADMINISTRATION + "/invitations/{invitation_id}/withdraw": "administrator",
    ADMINISTRATION + "/record": "administrator",
}
ABOUT_A_COUNTRY: Mapping[str, str] = {
    COUNTRY + "/people": "focal_a, administrator",
    COUNTRY + "/ministries": "focal_a",
    COUNTRY + "/ministries/{ministry_id}": "focal_a",
    COUNTRY + "/invitations/new": "focal_a",
    COUNTRY + "/invitations/{invitation_id}/withdraw": "focal_a",
    COUNTRY + "/roles/{grant_id}/end": "focal_a",
    COUNTRY + "/hand-over": "focal_a",
}
ABOUT_AN_ASSESSMENT: Mapping[str, str] = {
    ASSESSMENT: "focal_a collecting, labour_a collecting, reviewer in_review, focal_a approved, focal_a published, "
    "focal_a withdrawn, administrator collecting",
    ASSESSMENT + "/domains/{number}": "focal_a collecting, labour_a collecting",
    ASSESSMENT + "/search": "focal_a collecting",
    ASSESSMENT + "/sources": "focal_a collecting, reviewer in_review",
    ASSESSMENT + "/sources/new": "focal_a collecting",
    ASSESSMENT + "/sources/{source_id}": "focal_a collecting, reviewer in_review",
    ASSESSMENT + "/sources/{source_id}/remove": "focal_a collecting",
    ASSESSMENT + "/check": "focal_a collecting",
    ASSESSMENT + "/submit": "focal_a collecting",
    ASSESSMENT + "/sign-off": "signatory_a collecting",
    ASSESSMENT + "/board": "focal_a collecting",
    ASSESSMENT + "/draft": "focal_a collecting, reviewer in_review, focal_a published",
    ASSESSMENT + "/draft/changes": "reviewer in_review",
    ASSESSMENT + "/draft/sentences/{sentence_id}": "focal_a collecting, reviewer in_review",
    ASSESSMENT + "/draft/edits": "reviewer in_review",
    ASSESSMENT + "/consent": "focal_a approved",
    ASSESSMENT + "/consent/decline": "focal_a approved",
    ASSESSMENT + "/review": "reviewer in_review",
    ASSESSMENT + "/review/{indicator}": "reviewer in_review",
    ASSESSMENT + "/return": "reviewer in_review",
    ASSESSMENT + "/approve": "reviewer in_review",
    ASSESSMENT + "/publish": "reviewer consented",
    ASSESSMENT + "/erratum": "reviewer published",
    ASSESSMENT + "/withdraw": "focal_a published",
    ASSESSMENT + "/comparison": "focal_a collecting",
    ASSESSMENT + "/carry-over": "focal_a collecting",
    ASSESSMENT + "/record": "focal_a collecting",
    ASSESSMENT + "/ministries": "focal_a collecting",
    ASSESSMENT + "/ministries/assign": "focal_a collecting",
    ASSESSMENT + "/contributions": "focal_a collecting, labour_a collecting",
    ASSESSMENT + "/contributions/{contribution_id}": "focal_a collecting",
    ASSESSMENT + "/contributions/{contribution_id}/merge": "focal_a collecting",
    ASSESSMENT + "/contributions/{contribution_id}/withdraw": "labour_a collecting",
    ASSESSMENT + "/evidence/{evidence_id}/remove": "focal_a collecting",
    INDICATOR: "focal_a collecting, labour_a collecting, focal_a in_review, focal_a approved, adviser_a collecting",
    INDICATOR + "/history": "focal_a collecting",
    INDICATOR + "/contribution": "labour_a collecting",
    INDICATOR + "/ministries/{ministry_id}/take-back": "focal_a collecting",
}


class Seen(NamedTuple):
    """A page by its path, who looks at it, and where its objects are: a state's assessment, the country, or here."""

    path: str
    person: str
    target: str


def _read(table: Mapping[str, str], target: str) -> Iterator[Seen]:
    for path, told in table.items():
        for view in told.split(", "):
            person, _, state = view.rpartition(" ") if target == "" else (view, "", target)
            yield Seen(path, person, state)


SEEN = (*_read(ABOUT_ANYONE, "here"), *_read(ABOUT_A_COUNTRY, "KG"), *_read(ABOUT_AN_ASSESSMENT, ""))

"""What a page's form sends: names and texts, hostile until they are typed."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile

from app.errors import Invalid, Refusal, Stale, VersionNeeded
from questionnaire.validation import worded

MOST_FIELDS = 3000
Model = TypeVar("Model", bound=BaseModel)


class Fields:
    """A form as it was sent. Lines end with a line feed alone, whatever the browser sends."""

    def __init__(self, form: FormData | None = None, given: Mapping[str, str | Sequence[str]] | None = None) -> None:
        items = form.multi_items() if form else []
        self._texts: dict[str, list[str]] = {}
        for name, value in items:
            if isinstance(value, str):
                self._texts.setdefault(name, []).append(value.replace("\r\n", "\n"))
        for name, texts in (given or {}).items():
            self._texts[name] = [texts] if isinstance(texts, str) else list(texts)
        self.files: dict[str, UploadFile] = {name: value for name, value in items if isinstance(value, UploadFile)}

    def one(self, name: str, otherwise: str = "") -> str:
        """The text of a field, without spaces around it."""
        return self._texts.get(name, [otherwise])[-1].strip()

    def typed(self, name: str, otherwise: str = "") -> str:
        """The text of a field just as it was typed, to be shown again."""
        return self._texts.get(name, [otherwise])[-1]

    def many(self, name: str) -> list[str]:
        """All texts of a name: the ticked boxes."""
        return list(self._texts.get(name, []))

    def __contains__(self, name: object) -> bool:
        return name in self._texts

    def base(self) -> int:
        """The version that the form was made on; `over` is another's version that it shall stand on top of."""
        given = self.one("over") or self.one("base")
        if not (given.isascii() and given.isdigit() and len(given) <= 9):
            raise VersionNeeded("Please open the page again; the form does not say which version it was made on.")
        return int(given)

    def demand(self, name: str, message: str) -> None:
        """Refuse a form in which a box was not ticked, or nothing chosen: `Invalid` with the message at the field."""
        if not self.one(name):
            raise Invalid("Nothing was changed yet.", errors=[{"path": [name], "message": message}])

    def pairs(self) -> list[tuple[str, str]]:
        """Everything, to be sent once more."""
        return [(name, text) for name, texts in self._texts.items() for text in texts]

    def as_(self, model: type[Model], *lists: str) -> Model:
        """The form as a model; fields left empty count as not given, `lists` are taken as lists. `Invalid` names the fields."""
        given: dict[str, Any] = {name: self.one(name) for name in self._texts if name in model.model_fields}
        given = {name: text for name, text in given.items() if text}
        given |= {name: [text for text in self.many(name) if text] for name in lists}
        return checked(model, given)


def base_after(refusal: Refusal | None, typed: Fields | None, version: int) -> int:
    """The version on which a form is made: the present one, `version`; after a conflict the one that came first.

    After any other refusal it is the one that was sent: what others saved in between was not seen yet.
    """
    if isinstance(refusal, Stale):
        return int(refusal.more["version"])
    return typed.base() if typed else version


def checked(model: type[Model], given: Any) -> Model:
    """Data as a model. `Invalid` names each field at fault."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        errors = [{"path": [str(step) for step in one["loc"]], "message": worded(one)} for one in found]
        raise Invalid("Please mend what is named here; nothing was saved.", errors=errors) from None


async def _read_fields(request: Request) -> AsyncIterator[Fields]:
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=1024 * 1024) as form:
        request.state.fields = fields = Fields(form)
        yield fields


Posted = Annotated[Fields, Depends(_read_fields)]
"""`fields: Posted` in a route that takes a form. What was typed stays at hand for the page that tells a refusal."""

"""What pages say of fields at fault: each told by its name, and what was left empty in words of its own."""

from app.errors import Invalid
from app.web.mending import ENTER, LABELS, label
from app.web.rendering import errors_by_field


def test_a_field_left_empty_says_what_to_enter() -> None:
    errors = [
        {"path": ["body", "reason"], "message": "this should not be empty"},
        {"path": ["new", "law", "title"], "message": "This is missing"},
        {"path": ["odd"], "message": "this should not be empty"},
    ]
    told = errors_by_field(Invalid("Please mend it.", errors=errors))
    assert told == {"reason": "Enter a reason", "new.law.title": "Enter a title", "odd": "Fill in this field"}


def test_every_message_begins_with_a_capital() -> None:
    told = errors_by_field(
        Invalid("Please mend it.", errors=[{"path": ["round"], "message": "this should be at least 2015"}])
    )
    assert told == {"round": "This should be at least 2015"}
    assert all(text[0].isupper() for text in [*ENTER.values(), *LABELS.values()])


def test_a_message_that_does_not_tell_its_field_is_given_the_name_of_it() -> None:
    assert label("new.law.title", "This should have at most 300 characters") == "Title"
    assert label("reason.health-access", "This should be said in words") == "Reason"
    assert label("reason", "Enter a reason") == ""
    assert label("values.year", "This should be a year") == ""

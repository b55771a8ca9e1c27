"""What a page says was just done, by the key in its address: fixed texts, so that nobody can put words there."""

from collections.abc import Mapping


def translatable(text: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return text


DONE: Mapping[str, str] = {
    "language": translatable("The language was changed."),
    "signed-out": translatable("You are signed out."),
    "password": translatable("Your password was changed. Please sign in with the new one."),
}

"""What may stand in the headers of a mail: one line, and addresses that are addresses."""

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from csworkspace.web.texts import is_control, plain_spaces

LONGEST = 200
_is_address = EmailValidator()


class MailRefused(ValueError):
    """A mail that cannot be written or sent as asked; the text says why."""


def one_line(text: str, what: str, longest: int = LONGEST) -> str:
    """The text with plain spaces, and none around it. Raises MailRefused for line breaks and controls.

    A line break in a header would begin another header: that is how strangers get copies.
    """
    clean = plain_spaces(text).strip(" ")
    if any(is_control(char) for char in clean):
        raise MailRefused(f"The {what} has a line break or another control character in it: {_shown(clean)}.")
    if len(clean) > longest:
        raise MailRefused(f"The {what} is longer than {longest} characters.")
    return clean


def check_address(text: str, what: str = "address") -> str:
    """An e-mail address as it may stand in a header. Raises MailRefused."""
    clean = one_line(text, what, 254)
    if not clean:
        raise MailRefused(f"The {what} is empty.")
    try:
        _is_address(clean)
    except ValidationError:
        raise MailRefused(
            f"{_shown(clean)} is no e-mail address; write one such as ada@acme.example."
        ) from None
    return clean


def _shown(text: str) -> str:
    return f"“{''.join(char if char.isprintable() else '␤' for char in text)[:80]}”"

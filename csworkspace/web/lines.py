"""What people and programs type into a single line, and the addresses they give."""

from typing import Any

from django import forms

from csworkspace.web.texts import clean_line


def is_web_page(link: str) -> bool:
    """Whether it is the address of a web page: no script, no file, nothing that a click would run."""
    return link.lower().startswith(("http://", "https://"))


class TitleLine:
    """For a form with a title."""

    cleaned_data: dict[str, Any]

    def clean_title(self) -> str:
        """One line that says something."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Write a sentence.")
        return title


class WebLink:
    """For a form with a link that may be left empty."""

    cleaned_data: dict[str, Any]

    def clean_link(self) -> str:
        """A web page, no other kind of address."""
        link: str = self.cleaned_data["link"]
        if link and not is_web_page(link):
            raise forms.ValidationError("Give the address of a web page, beginning with https://.")
        return link

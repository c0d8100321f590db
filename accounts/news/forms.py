"""The form of a piece of news."""

from django import forms

from accounts.news.actions import Told
from accounts.news.models import NewsKind
from csworkspace.web.texts import clean_line
from csworkspace.web.widgets import DateInput


class NewsForm(forms.Form):
    """What was heard of an account."""

    title = forms.CharField(
        max_length=200, label="What happened?", help_text="Such as “Series B of €40m, led by Northzone”."
    )
    kind = forms.ChoiceField(choices=NewsKind.choices, label="About")
    happened_on = forms.DateField(widget=DateInput, label="When")
    link = forms.URLField(
        required=False, max_length=500, label="Source", assume_scheme="https",
        help_text="Where it can be read.",
    )  # fmt: skip
    note = forms.CharField(
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it may mean for them and for us. Stays in the workspace.",
    )

    def clean_title(self) -> str:
        """One line that says something."""
        title = clean_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Write a sentence.")
        return title

    def clean_link(self) -> str:
        """A web page, no other kind of address."""
        link: str = self.cleaned_data["link"]
        if link and not link.lower().startswith(("http://", "https://")):
            raise forms.ValidationError("Give the address of a web page, beginning with https://.")
        return link

    def told(self, account_id: int) -> Told:
        """The news as the action takes it."""
        return Told(account_id=account_id, **self.cleaned_data)

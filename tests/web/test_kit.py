"""The kit: every part renders, obeys the content policy, and is in the catalogue."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import RequestFactory

from csworkspace.charts import Part, stacked_bar, status_strip
from csworkspace.web.widgets import DateInput

ROOT = Path(__file__).parents[2]
KIT = sorted((ROOT / "templates" / "kit").glob("*.html"))
SHELLS = [ROOT / "templates" / name for name in ("base.html", "quiet.html", "portal_base.html")]
HOSTILE = "<img src=x onerror=alert(1)>"
DESIGN = (ROOT / "docs" / "design.md").read_text()
# Parts of the shells, not for pages to include.
INSIDE = {
    "_styles.html", "_scripts.html", "_nav.html", "_masthead.html", "_switcher.html", "_user_menu.html",
    "_theme_button.html", "_search.html", "_footer.html", "_messages.html", "_field_notes.html",
    "_palette.html",
}  # fmt: skip


class PlanForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(help_text="As the customer writes it.")
    due = forms.DateField(widget=DateInput, required=False)
    tier = forms.ChoiceField(choices=[("top", "Top")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()
    file = forms.FileField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class Tags(HTMLParser):
    """The tags of a page with their attributes: what stands in text does not count."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def context():
    """Values for every partial, hostile where a customer could have written them."""
    spoken = "label name note value title text by field before after"
    thing = SimpleNamespace(
        url="/x", current=True, count=3, state="current", number=1, when="today", iso="2026-03-14",
        **dict.fromkeys(spoken.split(), HOSTILE),
    )  # fmt: skip
    lists = "crumbs tabs steps facts levels items changes chips nav user_links footer_links messages"
    words = "label title text source value change note message question secret by summary"
    urls = "url action poll_url next_url clear_url action_url source_url search_url"
    return {
        **{name: [thing] for name in lists.split()},
        **dict.fromkeys(words.split(), HOSTILE),
        **dict.fromkeys(urls.split(), "/x"),
        "name": "search",
        "percent": 40,
        "status": "on_track",
        "workspace": thing,
        "form": PlanForm({"name": HOSTILE}),
        "field": PlanForm({"name": ""})["name"],
        "chart": stacked_bar([Part(HOSTILE, 3)], title=HOSTILE),
        "hidden": {"next": HOSTILE},
        "strip": status_strip([Part(HOSTILE, 3)]),
        "parts": [Part(HOSTILE, 3)],
    }


def render(name, **values):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=True)
    return render_to_string(name, {**context(), **values}, request=request)


@pytest.mark.parametrize("path", [*KIT, *SHELLS], ids=lambda path: path.name)
def test_part_renders_without_code_or_markup_of_others(path):
    html = render(path.relative_to(ROOT / "templates").as_posix())
    tags = Tags(html)
    assert not {"style", "img"} & {tag for tag, _ in tags.found}
    assert [held for tag, held in tags.found if tag == "script" and "src" not in held] == []
    names = {name for _, held in tags.found for name in held}
    assert not [name for name in names if name == "style" or name.startswith(("on", "hx-on"))]


@pytest.mark.parametrize(
    "path", [path for path in KIT if path.name not in INSIDE], ids=lambda path: path.name
)
def test_part_is_in_the_catalogue(path):
    assert f"kit/{path.name}" in DESIGN


def test_catalogue_names_only_what_is_there():
    named = set(re.findall(r"kit/(_?\w+\.html)", DESIGN))
    assert named <= {path.name for path in KIT}
    css = "".join(sheet.read_text() for sheet in (ROOT / "static" / "css").glob("*.css"))
    classes = {name for group in re.findall(r'class="([\w -]+)"', DESIGN) for name in group.split()}
    assert {name for name in classes if f".{name}" not in css} == set()


def test_every_style_sheet_is_linked_once():
    linked = re.findall(r"css/([\w-]+\.css)", (ROOT / "templates/kit/_styles.html").read_text())
    assert linked[0] == "app.css"
    assert sorted(linked) == sorted({*linked})
    assert set(linked) <= {sheet.name for sheet in (ROOT / "static/css").glob("*.css")}


def test_icons_used_exist():
    sprite = set(re.findall(r'symbol id="([\w-]+)"', (ROOT / "static/icons/icons.svg").read_text()))
    used = {
        name for path in KIT for name in re.findall(r'_icon\.html" with name="([\w-]+)"', path.read_text())
    }
    assert used <= sprite


def test_invalid_form_keeps_input_and_points_to_fields():
    html = render("kit/form.html", form=PlanForm({"name": "", "due": "tomorrow"}), submit_label="Save")
    assert 'role="alert"' in html
    assert re.findall(r'<a href="#(\w+)">', html) == ["id_name", "id_due", "id_tier", "id_agreed"]
    assert 'enctype="multipart/form-data"' in html
    (name,) = re.findall(r'<input type="text"[^>]*>', html)
    assert 'aria-invalid="true"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert {"id_name_helptext", "id_name_error", "id_tier"} <= set(re.findall(r'id="(\w+)"', html))
    assert 'value="tomorrow"' in html
    assert html.count('name="token"') == 1


def test_valid_form_shows_no_summary():
    html = render("kit/form.html", form=PlanForm())
    assert "error-summary" not in html
    assert html.count('<span class="optional">(optional)</span>') == 2


def test_progress_polls_until_it_is_done():
    assert 'hx-get="/x"' in render("kit/_progress.html", percent=40)
    assert "hx-get" not in render("kit/_progress.html", percent=100, poll_url="")
    waiting = render("kit/_progress.html", percent=None)
    assert "value=" not in waiting
    assert "%" not in waiting


def test_shell_names_places_and_sets_htmx():
    html = render("base.html")
    assert re.findall(r"<(main|header|footer)\b", html) == ["header", "main", "header", "footer"]
    assert 'href="#main"' in html
    config = re.search(r"htmx-config\" content='([^']+)'", html)
    settings = json.loads(config[1])
    assert {name: settings[name] for name in ("includeIndicatorStyles", "allowEval", "historyCacheSize")} == {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "historyCacheSize": 0,
    }
    assert settings["selfRequestsOnly"] is True
    assert [rule for rule in settings["responseHandling"] if rule["code"] == "422"] == [
        {"code": "422", "swap": True}
    ]
    assert html.count('aria-current="page"') == 2


def test_portal_has_no_staff_navigation():
    html = render("portal_base.html", portal_nav=[], brand_name="Northwind", brand_css_url="/brand.css")
    assert 'aria-label="Main"' not in html
    assert 'role="search"' not in html
    assert "Northwind" in html
    assert '<link rel="stylesheet" href="/brand.css">' in html

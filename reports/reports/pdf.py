"""From a report's HTML to PDF bytes: tagged, with embedded fonts, and nothing fetched from anywhere.

Imported by workers and shell commands only: WeasyPrint takes more than a second to load.
"""

import logging
import os
from functools import lru_cache
from typing import Any, NamedTuple

from django.conf import settings
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.reports.faces import font_face_rules, font_files

VARIANT = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
STYLES = ("tokens.css", "report.css", "report_print.css")
# fontTools stamps the fonts it cuts with the time of day unless told otherwise; the same content must
# give the same bytes.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
# It warns of every style rule meant for browsers only.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class LockedFetcher(URLFetcher):
    """Hands out our own font files and refuses every other address, whatever its scheme."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=set(), allow_redirects=False)
        self.files = font_files()

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The bytes of a font. Raises ValueError for anything else."""
        path = self.files.get(url)
        if path is None:
            raise ValueError("a report loads nothing but its fonts")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


class Pdf(NamedTuple):
    """A rendered document and how many pages it has."""

    content: bytes
    pages: int


def to_pdf(html: str, identifier: str) -> Pdf:
    """PDF/UA-1 of a document; the same HTML and identifier give the same bytes."""
    fonts, styles = stylesheets()
    source = HTML(string=html, url_fetcher=LockedFetcher())
    laid_out = source.render(font_config=fonts, stylesheets=styles, **VARIANT)
    content = laid_out.write_pdf(pdf_identifier=identifier.encode(), **VARIANT)
    return Pdf(bytes(content), len(laid_out.pages))


@lru_cache(maxsize=1)
def stylesheets() -> tuple[FontConfiguration, list[CSS]]:
    """The parsed styles and loaded fonts, kept for the life of the process."""
    fonts, fetcher = FontConfiguration(), LockedFetcher()
    texts = ["\n".join(font_face_rules()), *(_style(name) for name in STYLES)]
    return fonts, [CSS(string=text, font_config=fonts, url_fetcher=fetcher) for text in texts]


def _style(name: str) -> str:
    return (settings.BASE_DIR / "static" / "css" / name).read_text(encoding="utf-8")

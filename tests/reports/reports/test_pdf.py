"""The PDF: text, tags, fonts, and that nothing outside itself is read or pointed at."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.reports.commentary import to_html
from reports.reports.content import content_sha256
from reports.reports.document import render_html
from reports.reports.pdf import LockedFetcher, to_pdf
from tests.reports.kit import make_snapshot

HOSTILE = (
    '<script>alert(1)</script><img src="file:///etc/passwd"><link rel=attachment href="file:///etc/hosts">'
    "<style>@import 'http://evil.example/x.css'; body{background:url(http://evil.example/y.png)}</style>"
    '<a href="javascript:alert(1)">x</a>{{ doc }}{% now "Y" %}"\'&'
)
LONG = "Zweckverband " * 14 + "Nordrhein"
NAMES = {
    "long": LONG[:200],
    "one word": "W" * 200,
    "arabic": "شركة الاتصالات المتقدمة",
    "hebrew": "חברת הנתונים",
    "cjk": "東京データ分析株式会社",
    "control": "A\u202eB\u0007C",
    "hostile": HOSTILE[:200],
}


def pdf_of(snapshot, commentary=None):
    html = render_html(snapshot, commentary or {})
    return to_pdf(html, content_sha256(snapshot, commentary or {}))


def read(pdf):
    return PdfReader(BytesIO(pdf.content))


def words(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


@pytest.fixture(scope="module")
def qbr():
    return pdf_of(make_snapshot(), {"summary": "The teams **start Monday** with one set of numbers."})


def test_the_review_says_everything(qbr):
    text = words(read(qbr))
    for phrase in (
        "Halvorsen Retail Group",
        "Quarterly business review",
        "2 of 3 targets are on track or ahead; Days to close the month is off track",
        "Everybody in the regional teams should look at the same numbers",
        "The teams start Monday with one set of numbers.",
        "Level 3, Embedded: up from Exploring at the benchmark of 2 Mar 2026.",
        "Train the store managers",
        "Connect the data warehouse to the API",
        "How these numbers are made",
        "158,283 events",
        content_sha256(make_snapshot(), {"summary": "The teams **start Monday** with one set of numbers."}),
    ):
        assert phrase in text


def test_pages_are_numbered_and_carry_customer_and_issue(qbr):
    reader = read(qbr)
    assert qbr.pages == len(reader.pages) == 7
    for number, page in enumerate(reader.pages[1:], 2):
        text = " ".join(page.extract_text().split())
        assert f"{number} / 7" in text
        assert "Halvorsen Retail Group" in text
        assert "Draft of 22 Nov 2026" in text
    assert "1 / 7" not in reader.pages[0].extract_text()


def test_the_short_report_is_short():
    assert pdf_of(make_snapshot("progress")).pages == 3


def test_it_is_a_tagged_document_in_english_with_a_title(qbr):
    reader = read(qbr)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Halvorsen Retail Group: Quarterly business review, Q3 2026"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_each_chart_has_an_alternative_text(qbr):
    def alternatives(node):
        node = node.get_object()
        if isinstance(node, list):
            return [text for child in node for text in alternatives(child)]
        if not hasattr(node, "get"):
            return []
        own = [str(node["/Alt"])] if "/Alt" in node else []
        return own + (alternatives(node["/K"]) if "/K" in node else [])

    found = alternatives(read(qbr).trailer["/Root"]["/StructTreeRoot"])
    assert [text for text in found if "measured against the agreed path" in text] == [
        "Monthly active users: measured against the agreed path",
        "Reports read each week: measured against the agreed path",
        "Days to close the month: measured against the agreed path",
    ]


def test_bookmarks_lead_to_parts_and_targets(qbr):
    def titles(items):
        return [titles(item) if isinstance(item, list) else item.title for item in items]

    name, parts = titles(read(qbr).outline)
    assert name == "Halvorsen Retail Group"
    assert [part for part in parts if isinstance(part, str)] == [
        "Objectives at a glance",
        "Targets in detail",
        "Maturity",
        "Use in Q3 2026",
        "What was delivered",
        "What is next",
        "How these numbers are made",
    ]


def test_every_font_is_embedded(qbr):
    fonts = {}
    for page in read(qbr).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            fonts[inner["/BaseFont"]] = "/FontFile2" in inner["/FontDescriptor"]
    assert all(fonts.values())
    assert {name.partition("+")[2].split("-")[0] for name in fonts} == {"Inter", "Source"}


def test_equal_content_gives_equal_bytes():
    snapshot = make_snapshot()
    assert render_html(snapshot, {}) == render_html(make_snapshot(), {})
    assert pdf_of(snapshot).content == pdf_of(make_snapshot()).content
    assert content_sha256(snapshot, {}) != content_sha256(snapshot, {"summary": "x"})


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_any_name_can_be_printed(name):
    snapshot = make_snapshot("progress", name)
    pdf = pdf_of(snapshot)
    assert pdf.content.startswith(b"%PDF")
    assert pdf.pages <= 4


def test_hostile_text_is_printed_as_text_and_reads_nothing(monkeypatch):
    asked = []
    fetch = LockedFetcher.fetch
    monkeypatch.setattr(
        LockedFetcher, "fetch", lambda self, url, h=None: (asked.append(url), fetch(self, url, h))[1]
    )
    snapshot = make_snapshot("progress", HOSTILE)
    snapshot["objectives"][0]["words"] = HOSTILE
    snapshot["objectives"][0]["targets"][0]["name"] = HOSTILE
    snapshot["workspace"]["name"] = HOSTILE
    pdf = pdf_of(snapshot, {"summary": HOSTILE, "next": "[x](http://evil.example) ![y](file:///etc/passwd)"})
    reader = read(pdf)
    text = words(reader)
    assert asked == []
    assert "alert(1)" in text
    assert "root:x:0" not in text
    assert reader.attachments == {}
    links = [a.get_object() for page in reader.pages for a in page.get("/Annots", [])]
    assert [link for link in links if "/URI" in link.get("/A", {})] == []


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://evil.example/",
        "https://evil.example/",
        "data:text/css,x",
        "ftp://x/",
        "x",
    ],
)
def test_the_fetcher_hands_out_fonts_only(address):
    with pytest.raises(ValueError, match="nothing but its fonts"):
        LockedFetcher().fetch(address)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c*", "<p>a <strong>b</strong> <em>c</em></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# a", "<p># a</p>\n"),
    ],
)
def test_commentary_knows_paragraphs_emphasis_and_lists_only(text, html):
    assert to_html(text) == html


def test_a_report_about_nothing_says_what_is_needed():
    snapshot = make_snapshot(
        objectives=[],
        plan=None,
        maturity=None,
        metrics=[],
        counts=[],
        verdict="There was no plan with targets in Q3 2026.",
        delivered={"practices": [], "revisions": [], "reports": []},
        next={"practices": [], "checkpoints": []},
    )
    snapshot["data"]["wanted"] = ["No success plan was followed in this period."]
    text = words(read(pdf_of(snapshot)))
    assert "No success plan was followed in this period." in text
    assert "Agreeing the next targets is the next step." in text


def test_a_target_without_data_says_so():
    from tests.reports.kit import make_target, objective_part

    target = make_target("Weekly logins", "logins", 5, 10, None, "no_data")
    snapshot = make_snapshot(objectives=[objective_part(1, "Be seen.", [target])])
    text = words(read(pdf_of(snapshot)))
    assert "Weekly logins has no value that still counts; 10 logins is agreed for 18 Dec 2026." in text
    assert "no value has been recorded since 2 Mar 2026" in text


def test_long_lists_are_cut_and_say_so():
    many = [
        {"title": f"Step {n}", "who": "Us", "side": "Us", "due_text": "1 Oct 2026", "late": False}
        for n in range(400)
    ]
    pdf = pdf_of(make_snapshot(next={"practices": many, "checkpoints": []}))
    text = words(read(pdf))
    assert "Step 14" in text
    assert "Step 15" not in text
    assert "And 385 more, in the workspace." in text

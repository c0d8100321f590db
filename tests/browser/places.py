"""Every main page, by whom it is looked at and how it is reached."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from accounts.book.columns import COLUMNS

OTHER_ADMIN = "admin@tidewater-softworks.example"
CUSTOMER = "ruth.kessler@brightwell.example"
SHOWN = "Brightwell Energy"
EVERY_COLUMN = ",".join(COLUMNS)

# Pages of a thing: where a link to one is found, and what the link looks like.
LINKS = {
    "account": (f"book/?owner=all&q={SHOWN.split()[0]}", r"accounts/\d+/"),
    "evidence": ("{account}plan/", r"accounts/\d+/evidence/[\w-]+/\?day=[\d-]+"),
    "answers": ("{account}maturity/", r"accounts/\d+/benchmarks/new/"),
    "benchmark": ("{account}maturity/", r"benchmarks/\d+/"),
    "plan": ("plans/", r"plans/\d+/"),
    "objective": ("{plan}", r"objectives/\d+/"),
    "target": ("{plan}", r"targets/\d+/"),
    "occurrence": ("{account}services/", r"occurrences/\d+/"),
    "practice": ("{plan}", r"practices/\d+/"),
    "report": ("{account}reports/", r"reports/\d+/"),
    "contact": ("{account}people/", r"contacts/\d+/edit/"),
    "metric": ("metrics/", r"metrics/\d+/"),
    "framework": ("frameworks/", r"frameworks/\d+/"),
    "segment": ("segments/", r"segments/\d+/"),
    "indicator": ("indicators/", r"indicators/\d+/"),
    "source": ("sources/", r"sources/\d+/"),
    "import": ("imports/", r"imports/\d+/"),
    "job": ("jobs/", r"jobs/\d+/"),
    "csm": ("capacity/", r"capacity/csms/\d+/\?quarter=[\dQ-]+"),
    "csm_edit": ("capacity/", r"capacity/csms/\d+/edit/"),
    "scenario": ("capacity/scenarios/", r"capacity/scenarios/\d+/"),
    "tier": ("settings/tiers/", r"settings/tiers/\d+/"),
    "service": ("settings/catalogue/", r"settings/catalogue/\d+/"),
    "portal_evidence": ("{portal}progress/", r"portal/\d+/evidence/[\w-]+/\?day=[\d-]+"),
    "portal_report": ("{portal}reports/", r"portal/\d+/reports/\d+/"),
}
PUBLIC = ["/sign-in/login/", "/sign-in/password/reset/", "/invitations/not-an-invitation/"]
CSM = [
    "day/",
    "portfolio/",
    "portfolio/?by=arr&against=month&group=owner",
    "portfolio/?on=2020-01-01&group=segment",
    "{account}score/",
    "scores/method/",
    "find/",
    "find/?q=port",
    "book/",
    "book/?owner=all&plan=off_track",
    "book/?q=nothing-like-this",
    f"book/?owner=all&cols={EVERY_COLUMN}",
    "views/new/?owner=all&tier=none",
    "{account}values/?field=tags",
    "book/bulk/?all=1&query=%3Fowner%3Dall&do=tier",
    "book/bulk/preview/?all=1&query=%3Fowner%3Dall&do=stage&stage=established",
    "book/bulk/preview/?all=1&query=%3Fowner%3Dall&do=qbrs&period=2026-Q3",
    "changes/",
    "{account}",
    "{account}plan/",
    "{account}services/",
    "{account}deliveries/new/",
    "{account}requests/new/",
    "{occurrence}",
    "services/",
    "services/?window=quarter&by=service&state=owed",
    "services/?window=custom&since=2026-01-01&until=2025-01-01",
    "{account}maturity/",
    "{account}usage/",
    "{account}tier/",
    "{account}people/",
    "{account}people/new/",
    "{contact}",
    "{account}reports/",
    "{account}links/new/",
    "{account}history/",
    "{account}edit/",
    "{account}standing/",
    "{account}benchmarks/new/",
    "{evidence}",
    "{benchmark}",
    "segments/",
    "{segment}",
    "{segment}edit/",
    "{segment}removals/",
    "segments/new/",
    "indicators/",
    "{indicator}",
    "{account}readings/",
    "{account}readings/users-fell/",
    "plans/",
    "{plan}",
    "{plan}edit/",
    "{plan}closures/",
    "{plan}objectives/new/",
    "{plan}practices/new/",
    "{objective}",
    "{objective}targets/",
    "{target}",
    "{target}removals/",
    "{report}",
    "accounts/new/",
    "imports/",
    "imports/new/",
    "{import}",
    "sources/",
    "{source}",
    "waiting/",
    "capacity/",
    "capacity/nobody/",
    "{csm}",
    "capacity/calculator/",
    "capacity/scenarios/",
    "capacity/scenarios/compare/",
    "metrics/",
    "{metric}",
    "frameworks/",
    "{framework}",
    "jobs/",
    "{job}",
    "accounts/999999999/",
    "/you/",
    "/sign-in/email/",
    "/sign-in/password/change/",
    "/sign-in/2fa/",
]
MANAGER = [
    "{csm_edit}",
    "{scenario}",
    "{scenario}edit/",
    "metrics/new/",
    "{metric}edit/",
    "frameworks/new/",
    "settings/tiers/",
    "{tier}",
    "settings/tiers/new/",
    "settings/tiers/templates/",
    "settings/tiers/templates/?key=two-tiers",
    "{tier}",
    "{tier}edit/",
    "{tier}terms/",
    "settings/catalogue/",
    "settings/catalogue/new/",
    "settings/currencies/",
    "settings/tiers/suggestions/",
    "settings/tiers/suggestions/?share=0",
    "{account}tier/overrides/new/",
    "{service}",
]
MANAGER = [
    "settings/score-weights/",
    "day/?who=all",
    "metrics/new/",
    "day/?who=all",
    "metrics/new/",
    "indicators/new/",
    "indicators/new/?measure=metric_change",
    "indicators/ready-made/",
    "{indicator}edit/",
    "{metric}edit/",
    "frameworks/new/",
    "settings/tiers/",
    "{tier}",
]
ADMIN = [
    "settings/workspace/",
    "settings/members/",
    "settings/invitations/",
    "settings/api-keys/",
    "settings/audit/",
]
PORTAL = [
    "{portal}",
    "{portal}plan/",
    "{portal}progress/",
    "{portal}maturity/",
    "{portal}reports/",
    "{portal_report}",
    "{portal_evidence}",
]
PAGES = [
    *[("", path) for path in PUBLIC],
    *[("csm", path) for path in CSM],
    *[("manager", path) for path in MANAGER],
    *[("admin", path) for path in ADMIN],
    *[(CUSTOMER, path) for path in PORTAL],
]


@dataclass
class Places:
    """Finds the pages of things through the links that lead to them; each once."""

    admin: Page
    customer: Page
    at: Callable[[str], str]
    found: dict[str, str]

    def path(self, pattern: str) -> str:
        """A path with the names in braces replaced."""
        return re.sub(r"\{(\w+)\}", lambda match: self._find(match[1]), pattern)

    def _find(self, name: str) -> str:
        if name not in self.found:
            self.found[name] = self._portal() if name == "portal" else self._follow(name)
        return self.found[name]

    def _portal(self) -> str:
        self.customer.goto(self.at("portal/"))
        return self.customer.url.split("/w/", 1)[1].split("/", 1)[1]

    def _follow(self, name: str) -> str:
        where, link = LINKS[name]
        page = self.customer if name.startswith("portal") else self.admin
        page.goto(self.at(self.path(where)))
        links = page.eval_on_selector_all("main a", "found => found.map(a => a.getAttribute('href'))")
        matches = [re.search(rf"/w/[\w-]+/({link})$", href or "") for href in links]
        first = next((match[1] for match in matches if match), None)
        assert first, f"no link to a {name} on {page.url}"
        return first

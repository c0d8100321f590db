"""Ready-made playbooks to start from."""

from playbooks.playbooks.library.beginnings import BEGINNINGS
from playbooks.playbooks.library.growth import GROWTH
from playbooks.playbooks.library.parts import Ready
from playbooks.playbooks.library.people import PEOPLE
from playbooks.playbooks.library.renewing import RENEWAL
from playbooks.playbooks.library.risks import RISKS

ORDER = (
    "onboarding",
    "adoption-drop",
    "safe-switch",
    "executive-silence",
    "renewal",
    "qbr-preparation",
    "incident-follow-up",
    "upsell-paywall",
    "advocate",
    "win-back",
    "trial-rescue",
)
_READY = {ready.key: ready for ready in (*BEGINNINGS, *RISKS, *PEOPLE, RENEWAL, *GROWTH)}
LIBRARY: dict[str, Ready] = {key: _READY[key] for key in ORDER}

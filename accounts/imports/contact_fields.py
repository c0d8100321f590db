"""The fields of a contacts import, and how their cells are read."""

from accounts.contacts.identities import normalise_email, normalise_identities
from accounts.contacts.models import ContactRole
from accounts.imports import cells
from accounts.imports.mapping import Source
from accounts.imports.registry import Field
from accounts.imports.rows import Read

SEPARATORS = ";,|\n"
FIELDS = (
    Field(
        "account",
        "Account",
        "Its external id, a domain or its name; without it the e-mail's domain decides.",
        synonyms=("account_id", "company", "company_name", "customer", "account_name", "domain"),
    ),
    Field(
        "name", "Name", "Needed for people who are new.", synonyms=("full_name", "contact", "contact_name")
    ),
    Field(
        "email",
        "E-mail",
        "People are matched by it and by their other identities.",
        synonyms=("e-mail", "email_address", "mail", "user_email"),
    ),
    Field("title", "Title", "What they do at the customer.", synonyms=("job_title", "position")),
    Field("role", "Role", ", ".join(ContactRole.values), synonyms=("contact_role",)),
    Field("phone", "Phone", synonyms=("telephone", "mobile")),
    Field(
        "identities",
        "Identities",
        "Further e-mail addresses and product user ids.",
        synonyms=("identity", "user_id", "user_ids", "aliases", "other_emails"),
        options=("separator",),
    ),
    Field("left_on", "Left on", "A date.", synonyms=("left", "departed_on"), options=("format",)),
)
SETTINGS = {"erase_empty": "Empty cells erase what is there"}


def read_identities(text: str, source: Source) -> list[str]:
    """Identities split by the declared separator, or by any usual one."""
    separator = source.settings.get("separator", "")
    if separator:
        return normalise_identities(text.split(separator))
    for other in SEPARATORS[1:]:
        text = text.replace(other, SEPARATORS[0])
    return normalise_identities(text.split(SEPARATORS[0]))


READERS: dict[str, Read] = {
    "account": lambda text, source: cells.read_text(text, 253),
    "name": lambda text, source: cells.read_text(text, 200),
    "email": lambda text, source: normalise_email(text),
    "title": lambda text, source: cells.read_text(text, 120),
    "role": lambda text, source: cells.read_choice(text, dict(ContactRole.choices), "role"),
    "phone": lambda text, source: cells.read_text(text, 40),
    "identities": read_identities,
    "left_on": lambda text, source: cells.read_date(text, source.settings.get("format", "")),
}

from accounts.accounts.models import Account
from accounts.book.actions import refresh_book
from tests.kit import client_of


def test_the_search_of_every_page_finds_accounts_of_colleagues_too(here, elsewhere):
    Account.objects.create(name="Harbour Works", owner=here.members["manager"])
    refresh_book()
    client = client_of(here.members["csm"])
    assert f'action="{here.url("book/")}"' in client.get(here.url("plans/")).content.decode()

    def names(query):
        return [row["name"] for row in client.get(here.url("book/") + query).context["rows"]]

    assert names("") == ["Acme Industries"]
    assert names("?q=harbour") == ["Harbour Works"]
    assert names("?q=acme+industries") == ["Acme Industries"]

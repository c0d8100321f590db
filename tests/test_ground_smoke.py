def test_fixture_worlds_do_not_see_each_other(here, elsewhere):
    from accounts.accounts.models import Account

    assert [a.pk for a in Account.objects.all()] == [here.account.pk]

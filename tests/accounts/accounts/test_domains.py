"""One form for each domain, and a sentence for what is none."""

import pytest

from accounts.accounts.domains import DomainError, normalise_domain, normalise_domains, split_domains


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        (" Acme.COM. ", "acme.com"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("s91e160.citrix.com", "s91e160.citrix.com"),
        ("_dmarc.acme.com", "_dmarc.acme.com"),
    ],
)
def test_ways_to_write_a_domain(text, domain):
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ann@acme.com", "“ann@acme.com” is an e-mail address; write only what follows the @."),
        ("https://acme.com", "“https://acme.com” is a web address; write only the domain, such as acme.com."),
        ("localhost", "“localhost” is not a domain; write it like acme.com."),
        ("-a.com", "“-a.com” is not a domain; write it like acme.com."),
        ("a..com", "“a..com” is not a domain; write it like acme.com."),
        ("a\x00b.com", "“a\x00b.com” is not a domain; write it like acme.com."),
        (f"{'a' * 64}.com", f"“{'a' * 64}.com” is not a domain; write it like acme.com."),
    ],
)
def test_what_is_no_domain(text, reason):
    with pytest.raises(DomainError) as error:
        normalise_domain(text)
    assert str(error.value) == reason


def test_each_domain_once_in_order():
    assert normalise_domains(["b.example", "", "A.example", "B.example"]) == ["b.example", "a.example"]
    assert split_domains("a.example, b.example;c.example\n d.example") == [
        "a.example",
        "b.example",
        "c.example",
        "d.example",
    ]


def test_there_is_a_bound():
    with pytest.raises(DomainError, match="201 domains"):
        normalise_domains(f"a{n}.example" for n in range(201))

"""Mappings: guessed, given, and refused with the names that are valid."""

import json

import pytest

from accounts.imports.loaders import ACCOUNTS, CONTACTS
from accounts.imports.mapping import (
    Source,
    check_against,
    guess_mapping,
    parse_mapping,
    read_mapping_file,
)
from accounts.imports.refusal import FileRefused

REAL = (
    "account,name,kind,domains,first_seen,last_seen,onboarded_on,churned_on,users,events,arr_peak,arr_current"
)


def test_columns_are_matched_by_name_and_synonym():
    assert guess_mapping(REAL.split(","), ACCOUNTS) == {
        "external_id": "account",
        "name": "name",
        "domains": "domains",
        "arr": "arr_current",
        "customer_since": "onboarded_on",
        "attributes": {"kind": "kind"},
    }
    assert guess_mapping(["E-Mail", "Company Name", "Full name", "attributes.x"], CONTACTS) == {
        "account": "Company Name",
        "name": "Full name",
        "email": "E-Mail",
    }


def test_every_way_to_write_a_source():
    mapping = parse_mapping(
        {
            "name": "Company",
            "domains": {"column": "Sites", "separator": ";"},
            "currency": {"value": "EUR"},
            "attributes": {"kind": "Kind"},
            "attributes.seats": "Users",
            "options": {"create_tiers": True},
        },
        ACCOUNTS,
    )
    assert mapping.fields == {
        "name": Source("Company"),
        "domains": Source("Sites", None, {"separator": ";"}),
        "currency": Source("", "EUR"),
    }
    assert mapping.attributes == {"kind": "Kind", "seats": "Users"}
    assert mapping.options == {"create_tiers": True}
    assert parse_mapping({"attributes": "All"}, ACCOUNTS).fields == {"attributes": Source("All")}


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([], "The mapping must be a JSON object"),
        (
            {"nmae": "x"},
            "names a field 'nmae' that there is not. Valid are: external_id, name, domains, tier",
        ),
        ({"name": 3}, "The mapping of name must be a column's name or"),
        ({"name": {"column": "x", "value": "y"}}, "name needs either a column or a value"),
        ({"name": {"column": "x", "format": "%d"}}, "name has no setting 'format' in a mapping"),
        ({"attributes": {"a": 1}}, '"attributes" must be an object'),
        ({"options": {"make_coffee": True}}, "no option 'make_coffee'. Valid are: create_tiers"),
        ({"options": {"create_tiers": "yes"}}, '"options" must be an object of true or false'),
        ({"attributes": {f"a{n}": "x" for n in range(101)}}, "has 101 attributes, more than 100"),
    ],
)
def test_what_is_refused(told, reason):
    with pytest.raises(FileRefused) as error:
        parse_mapping(told, ACCOUNTS)
    assert reason in str(error.value)


def test_contacts_have_no_attributes():
    with pytest.raises(FileRefused, match="Contacts have no attributes"):
        parse_mapping({"attributes": {"a": "b"}}, CONTACTS)


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000])
def test_a_mapping_file_must_be_json(content):
    with pytest.raises(FileRefused, match="The mapping is not JSON in UTF-8"):
        read_mapping_file(content, ACCOUNTS)


def test_mapped_columns_must_be_there():
    content = json.dumps({"name": "Company"}).encode()
    mapping = parse_mapping(read_mapping_file(content, ACCOUNTS), ACCOUNTS)
    with pytest.raises(FileRefused) as error:
        check_against(mapping, ["Firma", "", "Land"], ACCOUNTS)
    assert str(error.value) == "The file has no column “Company”. Its columns are: “Firma”, “Land”."

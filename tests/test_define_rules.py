"""What Define-XML 2.1 asks for beyond its schema is found where it is missing, and only there."""

from __future__ import annotations

import define_packages as made
import pytest
from define_example import example

from cdisc_conv.checks.define_rules import check_define
from cdisc_conv.model.spec import Term

FLOAT = made.item("A", "float", 8)
LISTED = made.item("A", origin="", source="", values=(made.item("A", origin="Derived"),))
INHERITED = made.item("A", origin="Derived", method="M", values=(made.item("A", origin="", source=""),))

MISSING = [
    (made.item("A", length=None), ["Length"]),
    (made.item("A", length=None, has_no_data=True), []),
    (made.item("A", "date", None), []),
    (FLOAT, ["Significant Digits"]),
    (made.item("A", origin="", source=""), ["Origin"]),
    (made.item("A", source=""), ["Source"]),
    (made.item("A", origin="Derived"), ["Method"]),
    (made.item("A", origin="Derived", method="M"), []),
    (LISTED, ["Method"]),
    (INHERITED, []),
    (made.item("A", origin="Predecessor", source=""), ["Predecessor"]),
    (made.item("A", origin="Predecessor", source="", predecessor="DM.SEX"), []),
    (made.item("A", origin="Not Available", source=""), []),
]


@pytest.mark.parametrize(("variable", "expected"), MISSING)
def test_variables(variable, expected):
    found = check_define(made.package(made.dataset("XX", variable)))
    assert [(str(f.place), f.message.partition(" is missing")[0]) for f in found] == [
        ("XX.A", what) for what in expected
    ]


LISTS = [
    ([Term("A", nci_code="C1")], "C9", True, []),
    ([Term("A", extended=True)], "C9", True, []),
    ([Term("A", extended=True, nci_code="C1")], "C9", True, ["FILE062"]),
    ([Term("A")], "C9", True, ["FILE061"]),
    ([Term("A")], "", True, ["FILE061"]),
    ([Term("A")], "", False, []),
]


@pytest.mark.parametrize(("terms", "nci", "standard", "expected"), LISTS)
def test_codelists(terms, nci, standard, expected):
    package = made.package(
        made.dataset("XX"),
        codelists={"C": made.codelist("C", *terms, nci_code=nci)},
        codelist_standards={"C": "STD.2"} if standard else {},
    )
    found = list(check_define(package))
    assert [f.code.id for f in found] == expected
    assert all(f.place == made.HERE for f in found)


def test_datasets():
    found = check_define(made.package(made.dataset("XX", keys=(), class_="")))
    assert [f.message.partition(" is missing")[0] for f in found] == ["Key Variables", "Class"]


def test_the_example_lacks_little():
    """CDISC's example gives EC's two derived variables no method, and calls its sponsor lists CT."""
    found = list(check_define(example()[1]))
    variables = {(str(f.place), f.message.partition(" ")[0]) for f in found if f.place.variable}
    assert variables == {("EC.ECDOSE", "Method"), ("EC.ECDOSU", "Method")}
    lists = {f.message.split()[5].removeprefix("CL.") for f in found if not f.place.variable}
    sponsor = {"ARM", "ARMCD", "COUNTRY.STUDY", "EXTRT"}
    assert lists == sponsor | {f"{d}{kind}" for d in ("XS", "XX") for kind in ("RESU", "TEST", "TESTCD")}

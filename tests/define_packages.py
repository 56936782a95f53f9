"""Constructed packages for the tests of define.xml: SDTM, ADaM and a small one."""

from __future__ import annotations

from cdisc_conv.findings import Place
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta, StandardMeta
from cdisc_conv.model.spec import Codelist, Comment, Condition, Dictionary, Document, Method, Term

HERE = Place(file="spec.xlsx", sheet="Codelists", cell="A2")


def item(name, data_type="text", length=8, **more):
    """A variable; the date and time types have no length."""
    given = {"label": f"Label of {name}", "origin": "Assigned", "source": "Sponsor"} | more
    return ItemMeta(name=name, data_type=data_type, length=length, **given)


def dataset(name, *items, **more):
    given = {
        "label": f"Label of {name}",
        "class_": "EVENTS",
        "subclass": "",
        "structure": "One record per something",
        "purpose": "Tabulation",
        "standard": "STD.1",
        "repeating": True,
        "reference_data": False,
        "keys": ("STUDYID", "USUBJID"),
        "records": 1,
    } | more
    return DatasetMeta(name=name, items=(item("STUDYID"), item("USUBJID"), *items), **given)


def package(*datasets, **more):
    given = {
        "kind": "sdtm",
        "study_oid": "STDY.B",
        "study_name": "BTRIAL",
        "study_description": "A study of B & C",
        "protocol_name": "B-1",
        "created": "2025-03-01T12:00:00+01:00",
        "language": "en",
        "standards": (
            StandardMeta("STD.1", "SDTMIG", "IG", "3.4"),
            StandardMeta("STD.2", "CDISC/NCI", "CT", "2025-03-28", "SDTM"),
        ),
    } | more
    return PackageMeta(datasets=tuple(datasets), **given)


def codelist(id, *terms, **more):
    return Codelist(id=id, name=f"Name of {id}", place=HERE, terms={t.value: t for t in terms}, **more)


def leg(variable, comparator, *values, dataset=""):
    return Condition(variable, comparator, values, dataset)


COMPARATORS = ("EQ", "NE", "IN", "NOTIN", "LT", "LE", "GT", "GE")


def full_sdtm():
    """Every comparator, a supplemental and a split dataset, a dictionary, an empty dataset."""
    values = tuple(
        item("LBORRES", where=(leg("LBTESTCD", c, "A<B", *(("C",) if "IN" in c else ())),))
        for c in COMPARATORS
    )
    two = item(
        "LBORRES",
        "float",
        5,
        significant_digits=2,
        where=(leg("LBTESTCD", "EQ", "HGB"), leg("SEX", "EQ", "F", dataset="DM")),
    )
    bland = item("LBSTRESC", where=(leg("LBTESTCD", "EQ", "HGB"),))
    return package(
        dataset(
            "DM", item("SEX", codelist="SEX", origin="Collected", source="Investigator", pages="3, 5-6 SITE")
        ),
        dataset(
            "LB",
            item("LBTESTCD"),
            item("LBORRES", values=(*values, two)),
            item("LBSTRESC", values=(bland,)),
            class_="FINDINGS",
        ),
        dataset(
            "AE",
            item("AETERM", method="AETERM", comment="AE.1"),
            item("AEDECOD", codelist="MEDDRA"),
            item("AESTDTC", "partialDatetime", None, origin="Predecessor", source="", predecessor="XX.XXDTC"),
            item("AESEV", has_no_data=True, role="Record Qualifier"),
            keys=("STUDYID", "USUBJID", "AEDECOD"),
            comment="AE.1",
        ),
        dataset("SUPPAE", item("QNAM"), domain="AE", class_="RELATIONSHIP"),
        dataset("QSAB", item("QSTESTCD"), domain="QS", class_="FINDINGS"),
        dataset("DD", item("DDTERM"), has_no_data=True, standard="", records=0),
        codelists={
            "SEX": codelist(
                "SEX",
                Term("M", 1, "C20197"),
                Term("X", 2, extended=True),
                nci_code="C66731",
                comment="CL.SEX",
            ),
            "DOMAIN": codelist(
                "DOMAIN", Term("QS", nci_code="C49609", decode="Questionnaires"), nci_code="C66734"
            ),
        },
        codelist_standards={"SEX": "STD.2"},
        dictionaries={"MEDDRA": Dictionary("MEDDRA", "MedDRA", "text", "MedDRA", "27.1")},
        methods={
            "AETERM": Method(
                "AETERM",
                "Term",
                "Computation",
                "As <collected>\nand upper case",
                "Python",
                "x < y",
                "csdrg",
                "4",
            )
        },
        comments={
            "AE.1": Comment("AE.1", "See the guide"),
            "CL.SEX": Comment("CL.SEX", "Extended", "csdrg", "7-9"),
        },
        documents={
            "acrf": Document("acrf", "Annotated CRF", "acrf.pdf"),
            "csdrg": Document("csdrg", "Reviewer's guide", "csdrg.pdf"),
        },
    )


def full_adam():
    """ADSL, a time-to-event BDS with value-level metadata, and an OCCDS."""
    value = item(
        "AVAL",
        "float",
        8,
        significant_digits=3,
        format="8.3",
        method="TTE",
        where=(leg("PARAMCD", "EQ", "TTFLARE"),),
    )
    adam = {"purpose": "Analysis"}
    return package(
        dataset(
            "ADSL", item("AGE", "integer", 3, format="3."), class_="SUBJECT LEVEL ANALYSIS DATASET", **adam
        ),
        dataset(
            "ADTTE",
            item("PARAMCD"),
            item("AVAL", "float", 8, values=(value,)),
            class_="BASIC DATA STRUCTURE",
            subclass="TIME-TO-EVENT",
            **adam,
        ),
        dataset(
            "ADAE",
            item("ASTDT", "integer", 8, format="DATE9."),
            class_="OCCURRENCE DATA STRUCTURE",
            subclass="ADVERSE EVENT",
            standard="STD.3",
            **adam,
        ),
        kind="adam",
        standards=(
            StandardMeta("STD.1", "ADaMIG", "IG", "1.3"),
            StandardMeta("STD.3", "ADaM-OCCDSIG", "IG", "1.1"),
        ),
        methods={"TTE": Method("TTE", "Time to flare", description="Days from randomisation")},
    )


def small():
    """One dataset, no standard, no document."""
    return package(dataset("XX", standard="", class_=""), standards=())

"""The define files of Btrial: valid, nothing dangling, and saying what the transport files hold."""

from __future__ import annotations

from pathlib import Path

import pyreadstat
import pytest
from lxml import etree

from cdisc_conv.checks.define_xsd import validate_define
from cdisc_conv.model.result import BuildResult

NS = {"o": "http://www.cdisc.org/ns/odm/v1.3"}


@pytest.mark.parametrize("kind", ["tabulations/sdtm", "analysis/adam/datasets"])
def test_define_is_valid_and_true(btrial_package: BuildResult, kind: str) -> None:
    assert btrial_package.out is not None
    folder = Path(btrial_package.out) / "m5/datasets/btrial" / kind
    assert [str(f.message) for f in validate_define(folder / "define.xml") if f.severity == "error"] == []
    tree = etree.parse(folder / "define.xml")
    names = {i.get("OID"): i.get("Name") for i in tree.iterfind(".//o:ItemDef", NS)}
    for group in tree.iterfind(".//o:ItemGroupDef", NS):
        path = folder / f"{group.get('Name').lower()}.xpt"
        if path.exists():
            _, meta = pyreadstat.read_xport(str(path), metadataonly=True)
            told = [names[r.get("ItemOID")] for r in group.iterfind("o:ItemRef", NS)]
            assert meta.column_names == told

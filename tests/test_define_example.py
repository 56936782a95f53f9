"""What CDISC's own example define.xml says, our define.xml of the same package says as well."""

from __future__ import annotations

import pytest
from define_example import KINDS, Facts, example
from lxml import etree

from cdisc_conv.checks.define_xsd import validate_define
from cdisc_conv.write.define import define_xml


@pytest.fixture(scope="module")
def both():
    root, package = example()
    return Facts(root), Facts(etree.fromstring(define_xml(package)))


@pytest.mark.parametrize("kind", KINDS)
def test_facts_are_those_of_the_example(both, kind):
    theirs, ours = (getattr(side, kind)() for side in both)
    assert theirs
    assert ours == theirs


def test_comments_are_kept_and_joins_are_told(both):
    theirs, ours = (side.comments() for side in both)
    joins = {("VS is joined to DM by STUDYID, USUBJID.", "")}
    assert ours == theirs | joins


def test_written_example_has_no_error(tmp_path):
    file = tmp_path / "define.xml"
    file.write_bytes(define_xml(example()[1]))
    found = validate_define(file)
    assert [(f.code.name, f.message) for f in found if f.code.name != "define-unused-definition"] == []

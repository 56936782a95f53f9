"""define.html: all datasets and variables are on the page, values escaped, nothing from the network."""

from __future__ import annotations

import re

import define_packages as made
import pytest
from define_example import example
from lxml import etree, html

from cdisc_conv.write.define import define_xml
from cdisc_conv.write.define_html import render_define, stylesheet

PACKAGES = {"example": lambda: example()[1], "full_sdtm": made.full_sdtm, "full_adam": made.full_adam}


def page_of(package):
    return html.document_fromstring(render_define(define_xml(package)).decode())


@pytest.mark.parametrize("name", PACKAGES)
def test_every_dataset_and_variable_is_on_the_page(name):
    package = PACKAGES[name]()
    page = page_of(package)
    ids = set(page.xpath("//@id"))
    assert {f"IG.{d.name}" for d in package.datasets} <= ids
    assert {f"IG.{d.name}.IT.{d.name}.{i.name}" for d in package.datasets for i in d.items} <= ids
    text = page.text_content()
    labels = [i.label for d in package.datasets for i in (d, *d.items)]
    assert [x for x in labels if x not in text] == []


@pytest.mark.parametrize("name", PACKAGES)
def test_nothing_comes_from_the_network(name):
    page = page_of(PACKAGES[name]())
    links = page.xpath("//@href | //@src")
    assert links
    assert [x for x in links if re.match(r"([a-z]+:)?//|[a-z]+:", x, re.I)] == []
    styles = " ".join(page.xpath("//style/text() | //@style | //script/text()"))
    assert re.findall(r"url\((?!data:)|@import|https?:", styles) == []


def test_values_are_escaped():
    evil = "<script>alert(1)</script>"
    package = made.package(
        made.dataset(
            "AE", made.item("AETERM", label=evil, predecessor=evil, origin="Predecessor"), label=evil
        ),
        study_name=evil,
        study_description=evil,
    )
    ours, none = (page_of(p) for p in (package, made.package(made.dataset("AE", made.item("AETERM")))))
    assert len(ours.xpath("//script")) == len(none.xpath("//script"))
    assert ours.text_content().count(evil) >= 5
    assert evil.encode() not in render_define(define_xml(package))


@pytest.mark.parametrize("name", PACKAGES)
def test_page_is_the_plain_stylesheets_page(name):
    document = define_xml(PACKAGES[name]())
    plain = etree.XSLT(etree.fromstring(stylesheet()))
    assert render_define(document) == bytes(plain(etree.fromstring(document)))

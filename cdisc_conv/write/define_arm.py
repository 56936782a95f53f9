"""Analysis results metadata in define.xml (Analysis Results Metadata 1.0 for Define-XML)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from cdisc_conv.model.analysis import Analysis
from cdisc_conv.model.metadata import PackageMeta
from cdisc_conv.write.define_documents import document_ref
from cdisc_conv.write.define_names import Attributes, element, item_oid, prefixed, translated, where_oid


def result_displays(package: PackageMeta) -> Iterator[etree._Element]:
    """arm:AnalysisResultDisplays with each display and its results; nothing where there are none."""
    if not package.analyses:
        return
    displays = []
    for display in package.displays:
        parts = translated("Description", display.title, package.language)
        parts += [document_ref(display.document, display.pages)] if display.document else []
        parts += [_result(package, a) for a in package.analyses if a.display == display.id]
        displays.append(element("arm:ResultDisplay", {"OID": f"RD.{display.id}", "Name": display.id}, parts))
    yield element("arm:AnalysisResultDisplays", children=displays)


def _result(package: PackageMeta, analysis: Analysis) -> etree._Element:
    parameter = any(c.variable == "PARAMCD" for c in analysis.of(analysis.dataset))
    attributes: Attributes = {
        "OID": f"AR.{analysis.id}",
        "ParameterOID": item_oid(analysis.dataset, "PARAMCD") if parameter else None,
        "AnalysisReason": analysis.reason,
        "AnalysisPurpose": analysis.purpose,
    }
    parts = translated("Description", analysis.description, package.language)
    parts.append(_datasets(analysis))
    told = translated("Description", analysis.documentation, package.language)
    parts += [element("arm:Documentation", children=told)] if told else []
    parts += [_code(analysis)] if analysis.code else []
    return element("arm:AnalysisResult", attributes, parts)


def _datasets(analysis: Analysis) -> etree._Element:
    datasets = []
    for name in analysis.datasets():
        where = analysis.of(name)
        parts = [element("def:WhereClauseRef", {"WhereClauseOID": where_oid(name, where)})] if where else []
        own = [v for d, v in analysis.variables if d == name]
        parts += [element("arm:AnalysisVariable", {"ItemOID": item_oid(name, v)}) for v in own]
        datasets.append(element("arm:AnalysisDataset", {"ItemGroupOID": f"IG.{name}"}, parts))
    comment = prefixed("COM.", analysis.join_comment)
    return element("arm:AnalysisDatasets", {"def:CommentOID": comment}, datasets)


def _code(analysis: Analysis) -> etree._Element:
    code = element("arm:Code", text=analysis.code)
    return element("arm:ProgrammingCode", {"Context": analysis.code_context}, [code])

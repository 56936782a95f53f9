"""The study's own cross-checks (`checks:` of a mapping page): findings for the records where they hold."""

from __future__ import annotations

from cdisc_conv.engine.call import CallContext
from cdisc_conv.engine.evaluate import Evaluator
from cdisc_conv.engine.plan import PlannedDataset
from cdisc_conv.engine.view import View, Workshop
from cdisc_conv.findings import Code, Severity

ID = "DATA900"
"""Code of all such findings; the check's own name tells them apart."""


def run_checks(shop: Workshop, dataset: PlannedDataset) -> None:
    """Run the checks of one dataset over its records; nothing is changed by them."""
    for planned in dataset.checks:
        check = planned.check
        table = shop.tables[check.source.text if check.source else dataset.name]
        view = View(table, dataset=dataset.name, is_source=check.source is not None)
        evaluator = Evaluator(shop, view)
        mask = evaluator.mask(planned.where.node)
        values = evaluator.column(planned.value.node) if planned.value else None
        message = check.message.replace("{", "{{").replace("}", "}}")
        code = Code(ID, check.name, Severity(check.severity), message, check.hint)
        CallContext(shop, evaluator.view).report(code, mask, values)

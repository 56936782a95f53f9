"""CDISC's example define.xml read into a PackageMeta, and a define.xml told as sets of facts by XPath.

Both read the XML alone and share nothing with the writer under test.
"""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from cdisc_conv.findings import Place
from cdisc_conv.model.metadata import DatasetMeta, ItemMeta, PackageMeta, StandardMeta
from cdisc_conv.model.spec import Codelist, Comment, Condition, Dictionary, Document, Method, Term

EXAMPLE = Path(__file__).parent / "data" / "define" / "defineV21-SDTM.xml"
NS = {
    "o": "http://www.cdisc.org/ns/odm/v1.3",
    "d": "http://www.cdisc.org/ns/def/v2.1",
    "x": "http://www.w3.org/1999/xlink",
}


def one(node, path):
    """The first string of an XPath, or ""."""
    found = node.xpath(path, namespaces=NS)
    return str(found[0]) if found else ""


def every(node, path):
    return node.xpath(path, namespaces=NS)


def order(ref):
    return int(ref.get("OrderNumber"))


DESCRIPTION = "o:Description/o:TranslatedText/text()"


def pages(node):
    return one(node, "d:DocumentRef/d:PDFPageRef/@PageRefs")


class Reader:
    def __init__(self, root):
        self.root = root
        self.items = {i.get("OID"): i for i in every(root, "//o:ItemDef")}
        self.homes = {}
        for group in every(root, "//o:ItemGroupDef"):
            for ref in every(group, "o:ItemRef"):
                self.homes.setdefault(ref.get("ItemOID"), []).append(group.get("Name"))

    def condition(self, check, dataset):
        oid = one(check, "@d:ItemOID")
        homes = self.homes[oid]
        home = dataset if dataset in homes else homes[0]
        values = tuple(every(check, "o:CheckValue/text()"))
        return Condition(self.items[oid].get("Name"), check.get("Comparator"), values, home)

    def where(self, ref, dataset):
        oid = one(ref, "d:WhereClauseRef/@WhereClauseOID")
        checks = every(self.root, f"//d:WhereClauseDef[@OID='{oid}']/o:RangeCheck")
        return tuple(self.condition(c, dataset) for c in checks)

    def item(self, ref, dataset):
        node = self.items[ref.get("ItemOID")]
        listed = one(node, "d:ValueListRef/@ValueListOID")
        refs = every(self.root, f"//d:ValueListDef[@OID='{listed}']/o:ItemRef") if listed else []
        digits, key = node.get("SignificantDigits"), ref.get("KeySequence")
        return ItemMeta(
            name=node.get("Name"),
            label=one(node, DESCRIPTION),
            data_type=node.get("DataType"),
            length=int(node.get("Length")) if node.get("Length") else None,
            significant_digits=int(digits) if digits else None,
            format=one(node, "@d:DisplayFormat"),
            mandatory=ref.get("Mandatory") == "Yes",
            codelist=one(node, "o:CodeListRef/@CodeListOID"),
            origin=one(node, "d:Origin/@Type"),
            source=one(node, "d:Origin/@Source"),
            pages=pages(node.find("d:Origin", NS)) if node.find("d:Origin", NS) is not None else "",
            predecessor=one(node, f"d:Origin/{DESCRIPTION}"),
            method=ref.get("MethodOID", ""),
            comment=one(node, "@d:CommentOID"),
            role=ref.get("Role", ""),
            has_no_data=one(ref, "@d:HasNoData") == "Yes",
            key_sequence=int(key) if key else None,
            where=self.where(ref, dataset),
            values=tuple(self.item(r, dataset) for r in refs),
        )

    def dataset(self, node):
        items = tuple(self.item(r, node.get("Name")) for r in every(node, "o:ItemRef"))
        keyed = sorted((i for i in items if i.key_sequence), key=lambda i: i.key_sequence)
        return DatasetMeta(
            name=node.get("Name"),
            label=one(node, DESCRIPTION),
            class_=one(node, "d:Class/@Name"),
            subclass=one(node, "d:Class/d:SubClass/@Name"),
            structure=one(node, "@d:Structure"),
            purpose=node.get("Purpose"),
            standard=one(node, "@d:StandardOID"),
            repeating=node.get("Repeating") == "Yes",
            reference_data=node.get("IsReferenceData") == "Yes",
            keys=tuple(i.name for i in keyed),
            items=items,
            records=0,
            domain=node.get("Domain"),
            comment=one(node, "@d:CommentOID"),
            has_no_data=one(node, "@d:HasNoData") == "Yes",
        )

    def term(self, node):
        return Term(
            value=node.get("CodedValue"),
            order=int(node.get("OrderNumber")) if node.get("OrderNumber") else None,
            nci_code=one(node, "o:Alias[@Context='nci:ExtCodeID']/@Name"),
            decode=one(node, "o:Decode/o:TranslatedText/text()"),
            extended=one(node, "@d:ExtendedValue") == "Yes",
        )

    def codelist(self, node):
        return Codelist(
            id=node.get("OID"),
            name=node.get("Name"),
            place=Place(),
            nci_code=one(node, "o:Alias[@Context='nci:ExtCodeID']/@Name"),
            data_type=node.get("DataType"),
            comment=one(node, "@d:CommentOID"),
            terms={n.get("CodedValue"): self.term(n) for n in every(node, "o:CodeListItem|o:EnumeratedItem")},
        )

    def method(self, node):
        return Method(
            id=node.get("OID"),
            name=node.get("Name"),
            type=node.get("Type"),
            description=one(node, DESCRIPTION),
            expression_context=one(node, "o:FormalExpression/@Context"),
            expression_code=one(node, "o:FormalExpression/text()"),
            document=one(node, "d:DocumentRef/@leafID"),
            pages=pages(node),
        )

    def comment(self, node):
        leaf = one(node, "d:DocumentRef/@leafID")
        return Comment(node.get("OID"), one(node, DESCRIPTION), leaf, pages(node))

    def package(self):
        lists = every(self.root, "//o:CodeList")
        external = [n for n in lists if n.find("o:ExternalCodeList", NS) is not None]
        own = [n for n in lists if n not in external]
        leafs = every(self.root, "//o:MetaDataVersion/d:leaf")
        return PackageMeta(
            kind="sdtm",
            study_oid=one(self.root, "//o:Study/@OID"),
            study_name=one(self.root, "//o:StudyName/text()"),
            study_description=one(self.root, "//o:StudyDescription/text()"),
            protocol_name=one(self.root, "//o:ProtocolName/text()"),
            created=one(self.root, "/o:ODM/@CreationDateTime"),
            language="en",
            standards=tuple(
                StandardMeta(
                    s.get("OID"),
                    s.get("Name"),
                    s.get("Type"),
                    s.get("Version"),
                    s.get("PublishingSet", ""),
                    s.get("Status"),
                )
                for s in every(self.root, "//d:Standard")
            ),
            datasets=tuple(self.dataset(n) for n in every(self.root, "//o:ItemGroupDef")),
            codelists={n.get("OID"): self.codelist(n) for n in own},
            codelist_standards={n.get("OID"): one(n, "@d:StandardOID") for n in own},
            dictionaries={
                n.get("OID"): Dictionary(
                    n.get("OID"),
                    n.get("Name"),
                    n.get("DataType"),
                    one(n, "o:ExternalCodeList/@Dictionary"),
                    one(n, "o:ExternalCodeList/@Version"),
                )
                for n in external
            },
            methods={n.get("OID"): self.method(n) for n in every(self.root, "//o:MethodDef")},
            comments={n.get("OID"): self.comment(n) for n in every(self.root, "//d:CommentDef")},
            documents={
                n.get("ID"): Document(n.get("ID"), one(n, "d:title/text()"), one(n, "@x:href")) for n in leafs
            },
        )


class Facts:
    """A define.xml as sets of tuples in which references are followed, so that OIDs do not matter."""

    def __init__(self, root):
        self.root = root
        self.by_oid = {n.get("OID") or n.get("ID"): n for n in root.iter() if n.get("OID") or n.get("ID")}
        self.home = {}
        for group in every(root, "//o:ItemGroupDef"):
            for ref in every(group, "o:ItemRef"):
                self.home.setdefault(ref.get("ItemOID"), set()).add(group.get("Name"))

    def follow(self, oid, path):
        return one(self.by_oid[oid], path) if oid else ""

    def standard(self, oid):
        return (self.follow(oid, "@Name"), self.follow(oid, "@Version"), self.follow(oid, "@PublishingSet"))

    def item_groups(self):
        return {
            (
                *(
                    n.get(a)
                    for a in ("Name", "Domain", "Repeating", "IsReferenceData", "Purpose", "SASDatasetName")
                ),
                one(n, "@d:Structure"),
                one(n, DESCRIPTION),
                one(n, "d:Class/@Name"),
                one(n, "@d:HasNoData"),
                one(n, "@d:IsNonStandard"),
                self.standard(one(n, "@d:StandardOID")),
                one(n, "o:Alias[@Context='DomainDescription']/@Name"),
                self.follow(one(n, "@d:CommentOID"), DESCRIPTION),
                self.follow(one(n, "@d:ArchiveLocationID"), "@x:href"),
                one(n, "d:leaf/d:title/text()"),
            )
            for n in every(self.root, "//o:ItemGroupDef")
        }

    def _ref(self, ref):
        return (
            ref.get("Mandatory"),
            ref.get("KeySequence"),
            ref.get("Role"),
            one(ref, "@d:HasNoData"),
            self.follow(ref.get("MethodOID"), "@Name"),
        )

    def _item(self, oid):
        n = self.by_oid[oid]
        origin = n.find("d:Origin", NS)
        told = (
            ()
            if origin is None
            else (
                origin.get("Type"),
                origin.get("Source"),
                one(origin, DESCRIPTION),
                self.follow(one(origin, "d:DocumentRef/@leafID"), "@x:href"),
                one(origin, "d:DocumentRef/d:PDFPageRef/@PageRefs"),
                one(origin, "d:DocumentRef/d:PDFPageRef/@Type"),
            )
        )
        return (
            *(n.get(a) for a in ("Name", "DataType", "Length", "SignificantDigits")),
            one(n, "@d:DisplayFormat"),
            one(n, DESCRIPTION),
            self.follow(one(n, "o:CodeListRef/@CodeListOID"), "@Name"),
            self.follow(one(n, "@d:CommentOID"), DESCRIPTION),
            told,
        )

    def _field(self, ref):
        return self.by_oid[ref.get("ItemOID")].get("SASFieldName")

    def items(self):
        return {
            (group.get("Name"), place, self._ref(ref), self._item(ref.get("ItemOID")), self._field(ref))
            for group in every(self.root, "//o:ItemGroupDef")
            for place, ref in enumerate(sorted(every(group, "o:ItemRef"), key=order))  # theirs has gaps
        }

    def _leg(self, check):
        oid = one(check, "@d:ItemOID")
        values = tuple(every(check, "o:CheckValue/text()"))
        home = self.home[oid]
        place = min(home) if len(home) == 1 else "several"
        return (place, self.by_oid[oid].get("Name"), check.get("Comparator"), check.get("SoftHard"), values)

    def value_items(self):
        found = set()
        for item in every(self.root, "//o:ItemDef[d:ValueListRef]"):
            for ref in every(self.by_oid[one(item, "d:ValueListRef/@ValueListOID")], "o:ItemRef"):
                clause = self.by_oid[one(ref, "d:WhereClauseRef/@WhereClauseOID")]
                legs = tuple(self._leg(c) for c in every(clause, "o:RangeCheck"))
                owner = (*sorted(self.home[item.get("OID")]), item.get("Name"))
                found.add((owner, legs, self._ref(ref), self._item(ref.get("ItemOID"))))
        return found

    def where_clauses(self):
        return {
            tuple(self._leg(c) for c in every(n, "o:RangeCheck"))
            for n in every(self.root, "//d:WhereClauseDef")
        }

    def codelists(self):
        return {
            (
                n.get("Name"),
                n.get("DataType"),
                one(n, "o:Alias[@Context='nci:ExtCodeID']/@Name"),
                self.follow(one(n, "@d:CommentOID"), DESCRIPTION),
                self.standard(one(n, "@d:StandardOID")),
            )
            for n in every(self.root, "//o:CodeList[not(o:ExternalCodeList)]")
        }

    def terms(self):
        return {
            (
                one(n, "../@Name"),
                etree.QName(n).localname,
                n.get("CodedValue"),
                n.get("OrderNumber"),
                one(n, "o:Decode/o:TranslatedText/text()"),
                one(n, "@d:ExtendedValue"),
                one(n, "o:Alias[@Context='nci:ExtCodeID']/@Name"),
            )
            for n in every(self.root, "//o:CodeListItem|//o:EnumeratedItem")
        }

    def dictionaries(self):
        return {
            (one(n, "../@Name"), n.get("Dictionary"), n.get("Version"))
            for n in every(self.root, "//o:ExternalCodeList")
        }

    def methods(self):
        return {
            (
                n.get("Name"),
                n.get("Type"),
                one(n, DESCRIPTION),
                one(n, "o:FormalExpression/@Context"),
                one(n, "o:FormalExpression/text()"),
                self.follow(one(n, "d:DocumentRef/@leafID"), "@x:href"),
                one(n, "d:DocumentRef/d:PDFPageRef/@PageRefs"),
                one(n, "d:DocumentRef/d:PDFPageRef/@Type"),
            )
            for n in every(self.root, "//o:MethodDef")
        }

    def comments(self):
        return {
            (one(n, DESCRIPTION), self.follow(one(n, "d:DocumentRef/@leafID"), "@x:href"))
            for n in every(self.root, "//d:CommentDef")
        }

    def standards(self):
        return {
            tuple(n.get(a) for a in ("Name", "Type", "Version", "PublishingSet", "Status"))
            for n in every(self.root, "//d:Standard")
        }

    def documents(self):
        return {
            (one(n, "@x:href"), one(n, "d:title/text()"))
            for n in every(self.root, "//o:MetaDataVersion/d:leaf")
        }


KINDS = (
    "standards",
    "item_groups",
    "items",
    "value_items",
    "where_clauses",
    "codelists",
    "terms",
    "dictionaries",
    "methods",
    "documents",
)


def example():
    """CDISC's example: its root and the package read from it."""
    root = etree.parse(EXAMPLE).getroot()
    return root, Reader(root).package()

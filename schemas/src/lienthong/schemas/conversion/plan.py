"""Compiling a schema: once, to closures, and nothing half."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from lienthong.core.errors import Place, Words
from lienthong.schemas.conversion.errors import ConversionFailed, SchemaInvalid, SchemaUnsupported, UnexpectedElement
from lienthong.schemas.conversion.simple_types import BUILT_IN, SimpleType, restricted
from lienthong.schemas.conversion.to_json import (
    Child,
    ConvertedRecords,
    ReadElement,
    Structure,
    place_of,
    read_leaf,
    read_nil,
    read_records,
)
from lienthong.schemas.xml import Element, line_of, parse

_XSD = "http://www.w3.org/2001/XMLSchema"
_X = f"{{{_XSD}}}"

_ELEMENT_ATTRIBUTES = frozenset({"name", "ref", "type", "minOccurs", "maxOccurs", "nillable", "form", "id"})
_GROUP_ATTRIBUTES = frozenset({"minOccurs", "maxOccurs", "id"})
_TYPE_ATTRIBUTES = frozenset({"name", "id", "final", "block"})
_FACET_ATTRIBUTES = frozenset({"value", "fixed", "id"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A compiled schema; may be shared between threads.

    Attributes:
        elements: A reader for each global element that was compiled, by tag (namespace in braces).
        structures: The complex ones among them.
    """

    elements: Mapping[str, ReadElement]
    structures: Mapping[str, Structure]

    def convert(self, element: Element, *, source: str | None = None, record: int | None = None) -> object:
        """Return the JSON-ready value of an element, by the convention of this package.

        Args:
            element: An instance of one of `elements`, out of the hardened parser; it may have parents.
            source: Name of the document, for errors.
            record: Number of this element in a stream of records, from 1, for errors.

        Raises:
            ConversionFailed: data; with line, path and record number. The first violation is reported.
        """
        read = self.elements.get(str(element.tag))
        try:
            if read is None:
                raise _unexpected(element)
            return read(element)
        except ConversionFailed as error:
            error.place = replace(error.place, source=source, record=record)
            raise

    def convert_records(self, element: Element, member: str, *, source: str | None = None) -> ConvertedRecords:
        """Return an element's value with each record in it converted by itself, so that a bad one doesn't spoil the others.

        Args:
            element: An instance of one of `structures`.
            member: Local name of its repeated child; each occurrence is a record.
            source: Name of the document, for errors.

        Raises:
            ConversionFailed: data; something outside the records isn't what the schema says.
            KeyError: The element's type has no repeated child by that name.
        """
        structure = self.structures.get(str(element.tag))
        try:
            if structure is None:
                raise _unexpected(element)
            converted = read_records(structure, member, element)
        except ConversionFailed as error:
            error.place = replace(error.place, source=source)
            raise
        for record in converted.records:
            if record.error is not None:
                record.error.place = replace(record.error.place, source=source)
        return converted


def _unexpected(element: Element) -> UnexpectedElement:
    return UnexpectedElement(element=etree.QName(element).localname, place=place_of(element))


def compile_schema(schemas: Sequence[Element | bytes], *, roots: Iterable[str] | None = None, source: str | None = None) -> Plan:
    """Return the plan by which elements of a schema are converted.

    Args:
        schemas: All `schema` elements that belong together, such as those in a WSDL's `types`, as elements or documents.
            An import needs no location: it names one of these by its namespace.
        roots: Tags of the global elements that are wanted; None is all. What they don't reach isn't compiled.
        source: Name of the schema, for errors.

    Raises:
        SchemaUnsupported: data; names construct and line.
        SchemaInvalid: data; a name that isn't there or stands twice, a wrong facet, no such root.
    """
    compiler = _Compiler([parse(schema, source=source).root if isinstance(schema, bytes) else schema for schema in schemas], source)
    return compiler.plan(roots)


class _Compiler:
    """The state of one compilation: what the schema declares, and what is compiled already."""

    def __init__(self, schemas: Sequence[Element], source: str | None) -> None:
        self._source = source
        self._elements: dict[str, Element] = {}
        self._types: dict[str, Element] = {}
        self._namespaces = {schema.get("targetNamespace", "") for schema in schemas}
        self._structures: dict[str, Structure] = {}  # complex types with a name or of a global element, also unfinished ones
        self._simple: dict[str, SimpleType | None] = {}  # named simple types; None while being compiled
        for schema in schemas:
            self._declare(schema)

    def plan(self, roots: Iterable[str] | None) -> Plan:
        elements: dict[str, ReadElement] = {}
        structures: dict[str, Structure] = {}
        for tag in self._elements if roots is None else roots:
            if (node := self._elements.get(tag)) is None:
                reason = Words(f"there is no global element {tag}", f"không có phần tử toàn cục {tag}")
                raise SchemaInvalid(reason=reason, place=Place(source=self._source))
            compiled = self._type_of(node, tag)
            if isinstance(compiled, Structure):
                structures[tag] = compiled
            elements[tag] = self._reader(node, compiled)
        return Plan(MappingProxyType(elements), MappingProxyType(structures))

    def _declare(self, schema: Element) -> None:
        if schema.tag != f"{_X}schema":
            local = etree.QName(schema).localname
            raise self._invalid(schema, f"{local} is not an XML schema", f"{local} không phải lược đồ XML")
        namespace = schema.get("targetNamespace", "")
        for node in _children(schema):
            kind = etree.QName(node).localname
            if kind == "import" and node.get("namespace", "") in self._namespaces:
                continue
            if kind in ("import", "include", "redefine"):
                raise self._unsupported(node, Words(f"{kind} of a document that is not given", f"{kind} tới tài liệu không được cung cấp"))
            # Constructs that aren't known matter only where a wanted element reaches them.
            table = {"element": self._elements, "complexType": self._types, "simpleType": self._types}.get(kind)
            name = node.get("name")
            if table is None or name is None:
                continue
            tag = _tag(namespace, name)
            if tag in table:
                raise self._invalid(node, f"{name} is declared twice", f"{name} được khai báo hai lần")
            table[tag] = node

    def _reader(self, node: Element, compiled: SimpleType | Structure) -> ReadElement:
        read: ReadElement = compiled.read if isinstance(compiled, Structure) else read_leaf(compiled)
        return read_nil(read, nillable=node.get("nillable", "false").strip() in ("true", "1"))

    def _type_of(self, node: Element, tag: str | None = None) -> SimpleType | Structure:
        """Compile the type of an element declaration; `tag` if it is a global one."""
        self._allow_attributes(node, _ELEMENT_ATTRIBUTES)
        inner = list(_children(node))
        named = node.get("type")
        if len(inner) > 1 or (inner and named is not None):
            extra = next((child for child in inner if child.tag not in (f"{_X}complexType", f"{_X}simpleType")), inner[-1])
            raise self._unsupported(extra, etree.QName(extra).localname)
        if named is not None:
            return self._named_type(node, named)
        if not inner:
            raise self._unsupported(node, Words("element without a type", "phần tử không có kiểu"))
        if inner[0].tag == f"{_X}complexType":
            key = None if tag is None else f"the type of {tag}"
            return self._structures[key] if key in self._structures else self._structure(inner[0], key)
        return self._simple_type(inner[0], node.get("name", ""))

    def _named_type(self, node: Element, qname: str) -> SimpleType | Structure:
        tag = self._resolve(node, qname)
        namespace, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
        if namespace == _XSD:
            if local not in BUILT_IN:
                raise self._unsupported(node, Words(f"built-in type {local}", f"kiểu dựng sẵn {local}"))
            return BUILT_IN[local]
        if tag in self._structures:
            return self._structures[tag]
        declared = self._types.get(tag)
        if declared is None:
            raise self._invalid(node, f"there is no type {local}", f"không có kiểu {local}")
        if declared.tag == f"{_X}complexType":
            return self._structure(declared, tag)
        if tag not in self._simple:
            self._simple[tag] = None
            self._simple[tag] = self._simple_type(declared, local)
        simple = self._simple[tag]
        if simple is None:
            raise self._invalid(declared, f"the type {local} is derived from itself", f"kiểu {local} dẫn xuất từ chính nó")
        return simple

    def _structure(self, node: Element, key: str | None) -> Structure:
        self._allow_attributes(node, _TYPE_ATTRIBUTES)
        inner = list(_children(node))
        group = inner[0] if inner else None
        unknown = next((child for child in inner if child.tag not in (f"{_X}sequence", f"{_X}all") or child is not group), None)
        if unknown is not None:
            raise self._unsupported(unknown, etree.QName(unknown).localname)
        children: dict[str, Child] = {}
        structure = Structure(children=children, ordered=group is not None and group.tag == f"{_X}sequence")
        if key is not None:
            self._structures[key] = structure  # before its children, which may be of this same type
        if group is not None:
            self._allow_attributes(group, _GROUP_ATTRIBUTES)
            if self._occurs(group) != (1, 1):
                local = etree.QName(group).localname
                construct = Words(f"{local} that may be missing or repeated", f"{local} được phép vắng mặt hoặc lặp lại")
                raise self._unsupported(group, construct)
            for position, item in enumerate(_children(group)):
                child = self._child(item, position)
                if child.tag in children or any(other.member == child.member for other in children.values()):
                    construct = Words(
                        f"two elements named {child.member} in one type", f"hai phần tử cùng tên {child.member} trong một kiểu"
                    )
                    raise self._unsupported(item, construct)
                children[child.tag] = child
        return structure

    def _child(self, node: Element, position: int) -> Child:
        if node.tag != f"{_X}element":
            raise self._unsupported(node, etree.QName(node).localname)
        self._allow_attributes(node, _ELEMENT_ATTRIBUTES)
        least, most = self._occurs(node)
        if (reference := node.get("ref")) is not None:
            tag = self._resolve(node, reference)
            if tag not in self._elements:
                raise self._invalid(node, f"there is no element {reference}", f"không có phần tử {reference}")
            declared = self._elements[tag]
            compiled = self._type_of(declared, tag)
        else:
            tag = self._local_tag(node)
            declared = node
            compiled = self._type_of(node)
        return Child(
            member=etree.QName(tag).localname,
            tag=tag,
            position=position,
            least=least,
            most=most,
            read=self._reader(declared, compiled),
        )

    def _local_tag(self, node: Element) -> str:
        name = node.get("name")
        if name is None:
            raise self._invalid(node, "an element without a name", "có phần tử không tên")
        schema = next(node.iterancestors(f"{_X}schema"))
        form = node.get("form", schema.get("elementFormDefault", "unqualified"))
        return _tag(schema.get("targetNamespace", "") if form == "qualified" else "", name)

    def _simple_type(self, node: Element, name: str) -> SimpleType:
        self._allow_attributes(node, _TYPE_ATTRIBUTES)
        inner = list(_children(node))
        if len(inner) != 1 or inner[0].tag != f"{_X}restriction":
            bare = Words("simpleType without a restriction", "simpleType không có restriction")
            raise self._unsupported(node, etree.QName(inner[0]).localname if inner else bare)
        restriction = inner[0]
        self._allow_attributes(restriction, frozenset({"base", "id"}))
        facets = list(_children(restriction))
        base_name = restriction.get("base")
        if base_name is None:
            raise self._unsupported(restriction, Words("restriction of an anonymous type", "restriction trên kiểu không tên"))
        base = self._named_type(restriction, base_name)
        if isinstance(base, Structure):
            raise self._invalid(restriction, f"{base_name} is not a simple type", f"{base_name} không phải kiểu đơn giản")
        for facet in facets:
            self._allow_attributes(facet, _FACET_ATTRIBUTES)
        try:
            result = restricted(base, name, [(etree.QName(facet).localname, facet.get("value", "")) for facet in facets])
        except ValueError as error:
            raise self._invalid(restriction, f"a facet of {name} has a wrong value", f"một ràng buộc của {name} có giá trị sai") from error
        if isinstance(result, str):
            at = next(facet for facet in facets if etree.QName(facet).localname == result)
            raise self._unsupported(at, Words(f"facet {result} of {base.name}", f"ràng buộc {result} của {base.name}"))
        return result

    def _occurs(self, node: Element) -> tuple[int, int | None]:
        least, most = node.get("minOccurs", "1").strip(), node.get("maxOccurs", "1").strip()
        if not least.isdecimal() or not (most.isdecimal() or most == "unbounded"):
            raise self._invalid(node, "minOccurs or maxOccurs is not a number", "minOccurs hoặc maxOccurs không phải là số")
        if most == "0":
            raise self._unsupported(node, "maxOccurs 0")
        if most != "unbounded" and int(most) < int(least):
            raise self._invalid(node, "maxOccurs is less than minOccurs", "maxOccurs nhỏ hơn minOccurs")
        return int(least), None if most == "unbounded" else int(most)

    def _resolve(self, node: Element, qname: str) -> str:
        prefix, colon, local = qname.strip().rpartition(":")
        namespace = node.nsmap.get(prefix if colon else None)
        if colon and namespace is None:
            raise self._invalid(node, f"the prefix {prefix} is not declared", f"tiền tố {prefix} chưa được khai báo")
        return _tag(namespace or "", local)

    def _allow_attributes(self, node: Element, known: frozenset[str]) -> None:
        # Attributes of foreign namespaces are notes of tools and mean nothing here.
        unknown = next((str(name) for name in node.attrib if not str(name).startswith("{") and name not in known), None)
        if unknown is not None:
            local = etree.QName(node).localname
            raise self._unsupported(node, Words(f"{local} with {unknown}", f"{local} có {unknown}"))

    def _place(self, node: Element) -> Place:
        return Place(source=self._source, line=line_of(node))

    def _unsupported(self, node: Element, construct: Words | str) -> SchemaUnsupported:
        return SchemaUnsupported(construct=construct, place=self._place(node))

    def _invalid(self, node: Element, en: str, vi: str) -> SchemaInvalid:
        return SchemaInvalid(reason=Words(en, vi), place=self._place(node))


def _children(node: Element) -> Iterator[Element]:
    """Give the element children but annotations."""
    return (child for child in node if isinstance(child.tag, str) and child.tag != f"{_X}annotation")


def _tag(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name

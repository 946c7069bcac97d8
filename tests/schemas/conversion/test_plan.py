"""Compiling schemas."""

from __future__ import annotations

import pickle

import pytest
from lxml import etree

from lienthong.core.errors import Words
from lienthong.schemas.conversion import SchemaInvalid, SchemaUnsupported, compile_schema
from lienthong.schemas.errors import DoctypeRefused


def schema(content: str, *, attributes: str = 'targetNamespace="urn:t" elementFormDefault="qualified"', prefix: str = "t") -> bytes:
    return f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:{prefix}="urn:t" {attributes}>\n{content}\n</xs:schema>'.encode()


def one_type(content: str) -> bytes:
    return schema(f'<xs:element name="a"><xs:complexType>\n{content}</xs:complexType></xs:element>')


@pytest.mark.parametrize(
    ("content", "construct", "line"),
    [
        ('<xs:choice><xs:element name="b" type="xs:string"/></xs:choice>', "choice", 3),
        ("<xs:sequence><xs:choice/></xs:sequence>", "choice", 3),
        ("<xs:sequence>\n<xs:any/></xs:sequence>", "any", 4),
        ('<xs:sequence/><xs:attribute name="x"/>', "attribute", 3),
        ('<xs:complexContent><xs:extension base="t:b"/></xs:complexContent>', "complexContent", 3),
        ("<xs:simpleContent/>", "simpleContent", 3),
        ('<xs:sequence maxOccurs="2"/>', "sequence that may be missing or repeated", 3),
        ('<xs:sequence><xs:group ref="t:g"/></xs:sequence>', "group", 3),
        ('<xs:sequence><xs:element name="b" type="xs:float"/></xs:sequence>', "built-in type float", 3),
        ('<xs:sequence><xs:element name="b"/></xs:sequence>', "element without a type", 3),
        ('<xs:sequence><xs:element name="b" type="xs:string" default="x"/></xs:sequence>', "element with default", 3),
        ('<xs:sequence><xs:element name="b" type="xs:int" maxOccurs="0"/></xs:sequence>', "maxOccurs 0", 3),
        (
            '<xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence>',
            "two elements named b in one type",
            3,
        ),
        (
            '<xs:sequence><xs:element name="b"><xs:simpleType><xs:restriction base="xs:string">\n<xs:pattern value="x"/></xs:restriction></xs:simpleType></xs:element></xs:sequence>',
            "facet pattern of xsd:string",
            4,
        ),
        ('<xs:sequence><xs:element name="b"><xs:simpleType><xs:union/></xs:simpleType></xs:element></xs:sequence>', "union", 3),
    ],
)
def test_construct_that_is_not_known_is_refused_with_its_line(content: str, construct: str, line: int) -> None:
    """What the compiler doesn't know it names, instead of converting half."""
    with pytest.raises(SchemaUnsupported) as caught:
        compile_schema([one_type(content)], source="s.xsd")
    assert str(caught.value.construct) == construct
    if isinstance(caught.value.construct, Words):
        assert construct not in caught.value.sentence("vi")
    assert (caught.value.place.source, caught.value.place.line) == ("s.xsd", line)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<xs:element name="a" type="t:nowhere"/>', "there is no type nowhere"),
        ('<xs:element name="a" type="x:b"/>', "the prefix x is not declared"),
        ('<xs:element name="a" type="xs:int"/><xs:element name="a" type="xs:int"/>', "a is declared twice"),
        (
            '<xs:element name="a" type="t:s"/><xs:simpleType name="s"><xs:restriction base="t:s"/></xs:simpleType>',
            "the type s is derived from itself",
        ),
        (
            '<xs:element name="a" type="t:s"/><xs:simpleType name="s"><xs:restriction base="xs:int"><xs:minInclusive value="x"/></xs:restriction></xs:simpleType>',
            "a facet of s has a wrong value",
        ),
        (
            '<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="t:b"/></xs:sequence></xs:complexType></xs:element>',
            "there is no element t:b",
        ),
        (
            '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:int" minOccurs="2"/></xs:sequence></xs:complexType></xs:element>',
            "maxOccurs is less than minOccurs",
        ),
    ],
)
def test_schema_that_contradicts_itself_is_refused_with_the_reason(content: str, reason: str) -> None:
    """A wrong schema is named as wrong when it is compiled."""
    with pytest.raises(SchemaInvalid) as caught:
        compile_schema([schema(content)])
    assert caught.value.reason.en == reason
    assert reason not in caught.value.sentence("vi")


def test_root_that_is_not_declared_is_refused() -> None:
    """A wanted element must exist."""
    with pytest.raises(SchemaInvalid):
        compile_schema([schema('<xs:element name="a" type="xs:int"/>')], roots=["{urn:t}b"])


def test_what_the_roots_do_not_reach_is_not_compiled() -> None:
    """A construct that isn't known does no harm where nobody wants it."""
    source = schema('<xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:float"/><xs:group name="g"/>')
    assert list(compile_schema([source], roots=["{urn:t}a"]).elements) == ["{urn:t}a"]


def test_import_without_its_schema_is_refused() -> None:
    """Nothing that a schema points to is fetched."""
    with pytest.raises(SchemaUnsupported, match="import of a document that is not given"):
        compile_schema([schema('<xs:import namespace="urn:u" schemaLocation="http://127.0.0.1:1/u.xsd"/>')])


def test_schema_with_a_doctype_is_refused() -> None:
    """A schema comes from outside and goes through the hardened parser."""
    with pytest.raises(DoctypeRefused):
        compile_schema([b"<!DOCTYPE x>" + schema("")])


def test_types_of_several_schemas_meet() -> None:
    """Schemas that belong together refer to each other by namespace, and each has its own element form."""
    first = schema(
        '<xs:import namespace="urn:u"/><xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="u:b"/>'
        '<xs:element name="c" type="u:C"/></xs:sequence></xs:complexType></xs:element>',
        attributes='targetNamespace="urn:t" elementFormDefault="qualified" xmlns:u="urn:u"',
    )
    second = schema(
        '<xs:element name="b" type="xs:int"/><xs:complexType name="C"><xs:sequence><xs:element name="d" type="xs:string"/></xs:sequence></xs:complexType>',
        attributes='targetNamespace="urn:u"',
    )
    plan = compile_schema([first, second])
    document = etree.fromstring('<t:a xmlns:t="urn:t" xmlns:u="urn:u"><u:b> 1 </u:b><t:c><d>x</d></t:c></t:a>')
    assert plan.convert(document) == {"b": 1, "c": {"d": "x"}}


@pytest.mark.parametrize(
    "content",
    [
        '<xs:element name="a" type="t:A"/><xs:complexType name="A"><xs:sequence><xs:element name="a" type="t:A" minOccurs="0"/></xs:sequence></xs:complexType>',
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="t:a" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>',
    ],
)
def test_type_that_contains_itself_is_converted(content: str) -> None:
    """Recursion in a schema ends with the document."""
    plan = compile_schema([schema(content)])
    assert plan.convert(etree.fromstring('<a xmlns="urn:t"><a><a/></a></a>')) == {"a": {"a": {}}}

"""Converting documents by a plan."""

from __future__ import annotations

import json
import pickle

import pytest

from lienthong.core.errors import DataError
from lienthong.schemas.conversion import (
    ConversionFailed,
    MissingElement,
    Plan,
    TooManyElements,
    UnexpectedContent,
    UnexpectedElement,
    WrongValue,
    compile_schema,
)
from lienthong.schemas.xml import parse

SCHEMA = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:annotation><xs:documentation>not converted</xs:documentation></xs:annotation>
  <xs:element name="list"><xs:complexType><xs:sequence>
    <xs:element name="total" type="xs:int"/>
    <xs:element name="record" type="t:Record" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="record" type="t:Record"/>
  <xs:element name="loose"><xs:complexType><xs:all>
    <xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int" minOccurs="0"/>
  </xs:all></xs:complexType></xs:element>
  <xs:complexType name="Record"><xs:sequence>
    <xs:element name="name" type="xs:string"/>
    <xs:element name="count" type="xs:integer" minOccurs="0"/>
    <xs:element name="price" type="xs:decimal" minOccurs="0"/>
    <xs:element name="open" type="xs:boolean" minOccurs="0"/>
    <xs:element name="at" type="xs:dateTime" minOccurs="0" nillable="true"/>
    <xs:element name="day" type="xs:date" minOccurs="0"/>
    <xs:element name="kind" minOccurs="0"><xs:simpleType><xs:restriction base="t:Kind"/></xs:simpleType></xs:element>
    <xs:element name="tag" type="xs:token" minOccurs="0" maxOccurs="3"/>
  </xs:sequence></xs:complexType>
  <xs:simpleType name="Kind"><xs:restriction base="xs:token"><xs:enumeration value="1"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType>
</xs:schema>"""
OPEN = '<record xmlns="urn:t" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_schema([SCHEMA])


def convert(plan: Plan, content: str) -> object:
    return plan.convert(parse(f"{OPEN}{content}</record>".encode()).root, source="r.xml", record=7)


def test_values_become_json_by_their_types(plan: Plan) -> None:
    """Numbers are exact, times keep their offset, text stays as it is, and all of it survives JSON."""
    value = convert(
        plan,
        "<name> Nguyễn  Văn A\n</name><count> 123456789012345678901234567890 </count><price>450000.50</price><open>1</open>"
        "<at>2026-11-20T08:00:00.1234567+07:00</at><day>2024-02-29</day><kind> 2 </kind><tag>a\n b</tag>",
    )
    assert value == {
        "name": " Nguyễn  Văn A\n",
        "count": 123456789012345678901234567890,
        "price": "450000.50",
        "open": True,
        "at": "2026-11-20T08:00:00.1234567+07:00",
        "day": "2024-02-29",
        "kind": "2",
        "tag": ["a b"],
    }
    assert json.loads(json.dumps(value)) == value


def test_repeatable_child_is_a_list_also_when_empty(plan: Plan) -> None:
    """The shape comes from the schema, not from how many there happen to be."""
    assert convert(plan, "<name>x</name>") == {"name": "x", "tag": []}


def test_nil_is_null_and_missing_is_absent(plan: Plan) -> None:
    """A null that was said and a value that wasn't are two things."""
    assert convert(plan, '<name/><at xsi:nil="true"/>') == {"name": "", "at": None, "tag": []}
    assert convert(plan, '<name/><at xsi:nil="0">2026-01-01T00:00:00Z</at>') == {"name": "", "at": "2026-01-01T00:00:00Z", "tag": []}


def test_comment_does_not_cut_a_value(plan: Plan) -> None:
    """A value is read whole, whatever stands in the middle of it."""
    assert convert(plan, "<!-- a --><name>user<!-- b -->.evil<?c d?>.x</name>") == {"name": "user.evil.x", "tag": []}


def test_all_takes_any_order(plan: Plan) -> None:
    """xsd:all has no order."""
    assert plan.convert(parse(b'<loose xmlns="urn:t"><y>2</y><x>1</x></loose>').root) == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("content", "kind", "path"),
    [
        ("", MissingElement, "/record"),
        ("<name/><name/>", TooManyElements, "/record/name[2]"),
        ("<name/><tag/><tag/><tag/><tag/>", TooManyElements, "/record/tag[4]"),
        ("<name/><other/>", UnexpectedElement, "/record/other"),
        ('<name/><count xmlns="">1</count>', UnexpectedElement, "/record/count"),
        ("<count>1</count><name/>", UnexpectedElement, "/record/name"),
        ("<name><b/></name>", UnexpectedElement, "/record/name/b"),
        ("<name/>text", UnexpectedContent, "/record"),
        ('<name id="1"/>', UnexpectedContent, "/record/name"),
        ('<name xsi:type="x"/>', UnexpectedContent, "/record/name"),
        ('<name xsi:nil="true"/>', UnexpectedContent, "/record/name"),
        ('<name/><at xsi:nil="true">2026-01-01T00:00:00</at>', UnexpectedContent, "/record/at"),
        ('<name/><at xsi:nil="maybe"/>', UnexpectedContent, "/record/at"),
        ("<name/><count>1.0</count>", WrongValue, "/record/count"),
        ("<name/><count>١</count>", WrongValue, "/record/count"),
        ("<name/><price>1e3</price>", WrongValue, "/record/price"),
        ("<name/><price/>", WrongValue, "/record/price"),
        ("<name/><open>yes</open>", WrongValue, "/record/open"),
        ("<name/><at>2026-11-20 08:00:00</at>", WrongValue, "/record/at"),
        ("<name/><at>2026-02-30T08:00:00</at>", WrongValue, "/record/at"),
        ("<name/><day>20/11/2026</day>", WrongValue, "/record/day"),
        ("<name/><kind>9</kind>", WrongValue, "/record/kind"),
    ],
)
def test_violation_names_place_and_record_but_no_value(plan: Plan, content: str, kind: type[ConversionFailed], path: str) -> None:
    """Whoever must mend it finds it; what stands there isn't shown."""
    with pytest.raises(kind) as caught:
        convert(plan, content)
    place = caught.value.place
    assert (place.path, place.line, place.record, place.source) == (path, 1, 7, "r.xml")
    assert isinstance(caught.value, DataError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_sentences_are_in_both_languages_and_show_no_value(plan: Plan) -> None:
    """A value may be personal."""
    with pytest.raises(WrongValue) as caught:
        convert(plan, "<name/><count>079099001234x</count>")
    problem = caught.value.problem()
    assert problem.en == "r.xml:1 /record/count record 7: the value (13 characters) is not a valid xsd:integer."
    assert problem.vi == "r.xml:1 /record/count bản ghi 7: giá trị (13 ký tự) không đúng kiểu xsd:integer."
    assert "079099001234" not in str(problem)


def test_element_that_the_schema_has_not_is_refused(plan: Plan) -> None:
    """A plan converts its own elements only."""
    with pytest.raises(UnexpectedElement):
        plan.convert(parse(b"<unknown/>").root)
    with pytest.raises(UnexpectedElement):
        plan.convert_records(parse(b"<unknown/>").root, "record")


def test_bad_record_does_not_spoil_the_others(plan: Plan) -> None:
    """Records are converted each by itself, and a failed one keeps its element, number and error."""
    text = '<list xmlns="urn:t"><total>3</total><record><name>a</name></record>\n<record><count>1</count></record><record><name>c</name></record></list>'
    converted = plan.convert_records(parse(text.encode()).root, "record", source="list.xml")
    assert converted.rest == {"total": 3}
    assert [record.value for record in converted.records] == [{"name": "a", "tag": []}, None, {"name": "c", "tag": []}]
    error = converted.records[1].error
    assert isinstance(error, MissingElement)
    assert (error.place.record, error.place.line, error.place.path, error.place.source) == (2, 2, "/list/record[2]", "list.xml")
    assert converted.records[1].element.findtext("{urn:t}count") == "1"


def test_what_is_wrong_outside_the_records_is_an_error(plan: Plan) -> None:
    """Only records may fail alone."""
    with pytest.raises(WrongValue) as caught:
        plan.convert_records(parse(b'<list xmlns="urn:t"><total>x</total></list>').root, "record", source="list.xml")
    assert caught.value.place.source == "list.xml"


def test_records_must_be_a_repeated_child(plan: Plan) -> None:
    """A name that the type hasn't, or that occurs once, is a caller's mistake."""
    with pytest.raises(KeyError):
        plan.convert_records(parse(b'<list xmlns="urn:t"><total>0</total></list>').root, "total")


def test_many_bad_records_are_reported_in_time(plan: Plan) -> None:
    """A document full of errors doesn't cost the square of its length."""
    text = '<list xmlns="urn:t"><total>3</total>' + "<record/>" * 3000 + "</list>"
    converted = plan.convert_records(parse(text.encode()).root, "record")
    last = converted.records[-1].error
    assert last is not None
    assert last.place.path == "/list/record[…]"
    assert last.place.record == 3000

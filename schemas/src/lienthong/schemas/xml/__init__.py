"""The one XML parser for everything that comes from outside: no DOCTYPE, nothing fetched, and caps on size and shape."""

from lienthong.schemas.xml.diversion import Divert, TextSink
from lienthong.schemas.xml.document import Element, XmlDocument, line_of, text_of
from lienthong.schemas.xml.parser import DEFAULT_CAPS, KEEP_WHOLE, Caps, parse, whole

__all__ = ["DEFAULT_CAPS", "KEEP_WHOLE", "Caps", "Divert", "Element", "TextSink", "XmlDocument", "line_of", "parse", "text_of", "whole"]

"""The one XML parser for everything that comes from outside: no DOCTYPE, nothing fetched, and caps on size and shape."""

from lienthong.schemas.xml.document import Element, XmlDocument, line_of, text_of
from lienthong.schemas.xml.parser import Caps, parse

__all__ = ["Caps", "Element", "XmlDocument", "line_of", "parse", "text_of"]

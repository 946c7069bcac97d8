"""SOAP for connectors: zeep reads the WSDL and writes requests; our own transport carries them, our own parser and plan read replies.

zeep never touches the network and never sees a reply. A WSDL stands in one document: nothing that it points to is fetched.
"""

from lienthong.connectors.soap.client import SoapClient
from lienthong.connectors.soap.errors import AddressForeign, RequestUnfit, WsdlForeign, WsdlReachesOut, WsdlUnusable

__all__ = ["AddressForeign", "RequestUnfit", "SoapClient", "WsdlForeign", "WsdlReachesOut", "WsdlUnusable"]

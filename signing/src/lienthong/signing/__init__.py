"""Signatures over XML: one enveloped signature over a whole document, made with a key from a file, and checked strictly.

What is checked is that the document is the one that was signed with the certificate in the signature. Who holds that certificate,
and whether it was valid, is not checked by this part yet; no report says more than `valid`.
"""

from lienthong.signing.edxml import report_packet, sign_packet
from lienthong.signing.keys import Signer, load_signer
from lienthong.signing.report import SignatureReport
from lienthong.signing.xmldsig import sign_enveloped, verify_enveloped

__all__ = ["SignatureReport", "Signer", "load_signer", "report_packet", "sign_enveloped", "sign_packet", "verify_enveloped"]

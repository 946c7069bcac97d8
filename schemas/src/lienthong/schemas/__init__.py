"""What travels, as pure values: packets, dossiers, organisations and their codes, and the safe ways to read and write them.

Import from the packages below: `schemas.xml` for the one parser, `schemas.edxml` for packets, `schemas.organisations` for
identifiers, `schemas.codes` for code lists; `schemas.errors` says what can be wrong.
"""

__all__: list[str] = []

"""Organisations: their codes in both forms, and what a directory says of them."""

from lienthong.schemas.organisations.codes import OrganisationCode, suggest_new_form
from lienthong.schemas.organisations.directory import Organisation

__all__ = ["Organisation", "OrganisationCode", "suggest_new_form"]

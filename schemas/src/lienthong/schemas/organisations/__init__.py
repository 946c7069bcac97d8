"""Organisations: their codes in both forms, and a directory to find them by code."""

from lienthong.schemas.organisations.codes import OrganisationCode, suggest_new_form
from lienthong.schemas.organisations.directory import Directory, Organisation

__all__ = ["Directory", "Organisation", "OrganisationCode", "suggest_new_form"]

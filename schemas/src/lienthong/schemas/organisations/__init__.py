"""Organisations: their codes in both forms, and what a directory says of them on a day.

`level_one()` is the shipped directory of ministries and provinces; `Directory` holds any other, out of CSV tables (`read_table`) or the
axis' lists (`read_agencies` and its like).
"""

from lienthong.schemas.organisations.axis_lists import AxisList, read_agencies, read_agencies_qd20, read_units
from lienthong.schemas.organisations.codes import (
    OrganisationCode,
    code_in_procedure,
    organisation_key,
    same_organisation,
    suggest_new_form,
    suggest_old_form,
)
from lienthong.schemas.organisations.comparison import Difference, Pair, difference
from lienthong.schemas.organisations.decisions import Decision, decide_receiving, decide_sending
from lienthong.schemas.organisations.directory import Conversion, Directory, Successor
from lienthong.schemas.organisations.records import Identifier, Organisation, Succession
from lienthong.schemas.organisations.shipped import level_one
from lienthong.schemas.organisations.tables import Tables, read_table, together, write_table

__all__ = [
    "AxisList",
    "Conversion",
    "Decision",
    "Difference",
    "Directory",
    "Identifier",
    "Organisation",
    "OrganisationCode",
    "Pair",
    "Succession",
    "Successor",
    "Tables",
    "code_in_procedure",
    "decide_receiving",
    "decide_sending",
    "difference",
    "level_one",
    "organisation_key",
    "read_agencies",
    "read_agencies_qd20",
    "read_table",
    "read_units",
    "same_organisation",
    "suggest_new_form",
    "suggest_old_form",
    "together",
    "write_table",
]

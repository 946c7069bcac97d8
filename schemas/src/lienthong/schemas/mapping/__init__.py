"""Mapping of records to our models by a YAML file that an integrator writes, checked when it is loaded.

    version: 1
    zone: "+07:00"                     # of times that name none; this is the default
    fields:                            # left our field, right the path in the record
      number: ma_ho_so
      unit:                            # a nested model
        fields:
          code: don_vi_xu_ly.ma
          name: don_vi_xu_ly.ten
      channel: {constant: "1"}         # the same for every record
      summary: {from: trich_yeu, default: "(không có)"}
      status: {from: trang_thai, codes: {DANG_XU_LY: "4", DA_TRA: "10"}}
      fees:                            # a list: one item for each item of the record's list
        each: le_phi
        fields:
          name: ten                    # paths start at the item
          amount: gia

A value that is missing, null or, in a path, below something missing leaves the field to its `default`, here or in the model;
a required field without either fails. A value that stands in no line of `codes` fails. A field of type datetime is read from
ISO 8601 date and time. Everything else is left to the model's own types. Failures name path and field, never the value.
"""

from lienthong.schemas.mapping.errors import (
    CodeUnknown,
    FieldUnmapped,
    MappingFailed,
    MappingInvalid,
    MappingKeyUnknown,
    SourceMissing,
    ValueUnfit,
)
from lienthong.schemas.mapping.record_mapping import RecordMapping, load_mapping

__all__ = [
    "CodeUnknown",
    "FieldUnmapped",
    "MappingFailed",
    "MappingInvalid",
    "MappingKeyUnknown",
    "RecordMapping",
    "SourceMissing",
    "ValueUnfit",
    "load_mapping",
]

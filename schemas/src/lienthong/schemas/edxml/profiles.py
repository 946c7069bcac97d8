"""Who a packet is checked for: what is an error there, as data with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lienthong.core.errors import Certainty, Level, Problem
from lienthong.schemas.edxml import findings as found
from lienthong.schemas.edxml.findings import Rule
from lienthong.schemas.errors import ProfileUnknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Which findings are errors; all others warn.

    Attributes:
        name: Such as `send`.
        en: Whom it is for, in English.
        vi: Whom it is for, in Vietnamese.
        certain: Rules of these certainties are errors.
        refused: Rules by code that are errors whatever their certainty, each with the source that says so.
        certainty: How sure those sources are.
        also: Narrow rules by code that only warn here; those that are refused here are looked at in any case.
    """

    name: str
    en: str
    vi: str
    certain: frozenset[Certainty] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)
    certainty: Certainty = "I"
    also: frozenset[str] = frozenset()

    def sees(self, rule: Rule) -> bool:
        """Tell whether this profile reports what breaks a rule."""
        return not rule.narrow or rule.code in self.refused or rule.code in self.also

    def level(self, code: str, certainty: str | None) -> Level:
        """Return the level that a finding has here."""
        return "error" if code in self.refused or certainty in self.certain else "warning"

    def judged(self, problem: Problem) -> Problem:
        """Return a finding with its level here, and with the source that makes it an error where that is this profile's own."""
        level = self.level(problem.code, problem.certainty)
        source = self.refused.get(problem.code)
        if source is not None:
            return replace(problem, level=level, source=source, certainty=self.certainty)
        return problem if problem.level == level else replace(problem, level=level)


def _refused(source: str, *rules: Rule) -> dict[str, str]:
    return {rule.code: source for rule in rules}


_READ = Profile(
    name="read",
    en="a packet that came: everything warns; what makes it unreadable or unsafe has been refused by the reader",
    vi="gói tin nhận về: mọi điểm chỉ là cảnh báo; gói tin không đọc được hoặc không an toàn đã bị từ chối khi đọc",
)
_SEND = Profile(
    name="send",
    en="a packet that is to leave: an error where the rule stands in a primary text or a vendor artefact",
    vi="gói tin sắp gửi: là lỗi khi quy tắc có trong văn bản quy định hoặc trong sản phẩm của nhà cung cấp",
    certain=frozenset({"P", "V"}),
    also=frozenset({found.NOT_NFC.code}),
)
_NATIONAL = Profile(
    name="axis-national",
    en="what the national axis is said to refuse",
    vi="những điểm được cho là bị trục quốc gia từ chối",
    refused=_refused("LSon", found.PREFIXES),
    certainty="S",
)
_LANGSON = Profile(
    name="axis-langson",
    en="what the axis of Lạng Sơn is said to refuse",
    vi="những điểm được cho là bị trục tỉnh Lạng Sơn từ chối",
    refused={
        **_refused(
            "VPCP HDKT (LSon): 22",
            found.REQUIRED,
            found.MISSING,
            found.ABSENT,
            found.SURPLUS,
            found.REPEATED,
            found.WRONG_TYPE,
            found.KEPT_AS_TEXT,
            found.DATE_FORM,
            found.NUMBER_FORM,
            found.FLAG_FORM,
            found.STATUS_UNKNOWN,
        ),
        **_refused("VPCP HDKT (LSon)", found.TOO_LARGE),
    },
    certainty="S",
)
_BKAV = Profile(
    name="axis-bkav",
    en="what the checker of the eDoc ESB refuses (axes of provinces)",
    vi="những điểm mà bộ kiểm tra của eDoc ESB từ chối (trục của một số tỉnh)",
    refused={
        **_refused("BKAV eDoc ESB: N.", found.REQUIRED, found.MISSING, found.ABSENT),
        **_refused(
            "BKAV eDoc ESB: R.",
            found.TOO_LONG,
            found.WEBSITE_LONG,
            found.CODE_OVER_13,
            found.CODE_LONG,
        ),
        **_refused(
            "BKAV eDoc ESB: M., T.",
            found.DATE_FORM,
            found.NUMBER_FORM,
            found.FLAG_FORM,
            found.AMOUNT_RANGE,
            found.KIND_ACCEPTED,
            found.PRIORITY,
            found.STEERING,
            found.FUTURE_DATE,
        ),
        **_refused("BKAV eDoc ESB: N.", found.REPEATED_RECIPIENT),
    },
    certainty="C",
)

PROFILES: Mapping[str, Profile] = MappingProxyType({profile.name: profile for profile in (_READ, _SEND, _NATIONAL, _LANGSON, _BKAV)})
"""All profiles by name."""


def profile_named(name: str) -> Profile:
    """Return a profile.

    Raises:
        ProfileUnknown: configuration; there is none of that name.
    """
    profile = PROFILES.get(name)
    if profile is None:
        raise ProfileUnknown(profile=name, known=", ".join(PROFILES))
    return profile

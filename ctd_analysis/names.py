"""Names of units as offices write them: aliases, prefixes, old and new tone marks, loose letters; never a near miss.

“TP. Rạch Giá”, “Thành Hội Rạch Giá”, “RẠCH GIÁ” and “Rach Giá” differ: the first three are one unit, the last is nobody.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from .rows import Unit
from .terms import nearest
from .values import plain

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aeiouy"
_WORDS = re.compile(r"[^\W_]+")
_ETH = str.maketrans("Ðð", "Đđ")
#: What may stand before a unit's name, with the kind of unit it tells, if any.
_SOCIETY = r"(?:hội\s*(?:chữ\s*thập\s*đỏ|ctđ)|hctđ|ctđ|(?:bch|ban\s*chấp\s*hành)\s*hội\s*(?:chữ\s*thập\s*đỏ|ctđ))"
_PREFIX = re.compile(
    rf"^(?:đơn\s*vị\s*[:\-–]?\s*)?(?:{_SOCIETY}\s*[:\-–]?\s*|hội\s+(?=huyện|thành|thị|tp|tx))?(?:(?P<town>thành\s*phố\b|tp\b|t\.p\b|thành\s*hội\b|thành\s*đoàn\b)"
    r"|(?P<county>huyện\s*hội\b|huyện\b|h(?=[.\s]))|(?P<borough>thị\s*xã\b|thị\s*hội\b|tx\b|t\.x\b)|(?P<society>hội\b))?[\s.:\-–]*")
_NUMBERED = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,5})\)?\s*[.)\-–:/]\s*", re.IGNORECASE)
_AFTER = re.compile(r"\s*[(,\-–]\s*(?:cụm\s*(?:trưởng|phó)|"
                    r"(?:trưởng|phó)\s*cụm|tỉnh\s+[^()]*|(?:có\s+|gồm\s+)?\d+\s[^()]*)\)?$", re.IGNORECASE)
#: The same before wards, communes and special zones, where a year's units are these (elsewhere it begins a branch's name).
_WITHIN = re.compile(r"^(?:(?P<ward>phường\b|p(?=[.\s]))|(?P<commune>xã\b|x(?=[.\s]))|(?P<zone>đặc\s*khu\b|đ\.?k(?=[.\s])))"
                     r"[\s.:\-–]*")
_KINDS = {"thành phố": "town", "tp": "town", "thị xã": "borough", "huyện": "county"}


class Names:
    """The units of a year by every way their names are written."""

    def __init__(self, units: Mapping[str, Unit]):
        self.units = units
        self._exact: dict[tuple, set[str]] = {}
        self._bare: dict[tuple, set[str]] = {}
        self._within: dict[tuple, dict[str, str]] = {}      # wards and the like by their names without that: id → kind
        self._kinds = {id: _kind_of(unit) for id, unit in units.items()}
        for id, unit in units.items():
            for called in (unit.name, *unit.aliases):
                self._exact.setdefault(key(called), set()).add(id)
                self._bare.setdefault(key(_split(called)[1]), set()).add(id)
            kind, within = _split_within(_split(unit.name)[1])
            if kind:
                self._within.setdefault(key(within), {})[id] = kind
        self.match = lru_cache(maxsize=4096)(self._match)

    def _match(self, text: str) -> str | None:
        """The one unit a text names, or None."""
        typed = spelled(text)
        if not typed or len(typed) > 120:
            return None
        if plain(text) in self.units:
            return plain(text)
        if not any(bare in key(typed)[0] for bare, _ in (*self._bare, *self._within)):   # most cells name nothing like it
            return None
        for form in dict.fromkeys((typed, _NUMBERED.sub("", typed), _AFTER.sub("", _NUMBERED.sub("", typed)))):
            found = self._exact.get(key(form)) or self._by_kind(*_split(form)) or self._by_kind_within(*_split(form))
            if len(found) == 1:
                return next(iter(found))
        return None

    def _by_kind(self, kind: str, bare: str) -> set[str]:
        """Units of this bare name whose kind does not gainsay the prefix."""
        found = self._bare.get(key(bare), set()) if bare else set()
        return {id for id in found if not kind or self._kinds[id] in ("", kind)}

    def _by_kind_within(self, kind: str, bare: str) -> set[str]:
        """Wards, communes, special zones of this name whose kind the prefix does not gainsay; none where it tells a town."""
        within, name = _split_within(bare)
        return {id for id, one in self._within.get(key(name), {}).items() if not kind and within in ("", one)}

    def inside(self, text: str) -> str | None:
        """The one unit named somewhere in a line of heading."""
        line = _spaced(spelled(text))
        found = {id: name for id, unit in self.units.items() for called in (unit.name, *unit.aliases)
                 if len(name := _spaced(_split(called)[1])) > 5 and name in line}
        longest = [id for id, name in found.items() if not any(name != other and name in other for other in found.values())]
        return longest[0] if len(longest) == 1 else None

    def hint(self, text: str) -> str:
        """` (có phải “Giồng Riềng” không?)`: a suggestion, never an answer."""
        bare = _split(_NUMBERED.sub("", spelled(text)))[1]
        close = {_split(name)[1]: unit.name for unit in self.units.values() for name in (unit.name, *unit.aliases)}
        found = nearest(bare, close)
        return f" (có phải “{close[found]}” không?)" if found is not None else ""

    def looks_like_a_district(self, text: str) -> bool:
        """Does a line begin as a district's name does, or come near one: “2. HUYỆN KIÊM LƯƠNG”?"""
        kind, bare = _split(_NUMBERED.sub("", spelled(text)))
        return bool(bare) and (bool(kind) and len(bare) < 40 or bool(self.hint(text)))

    def looks_like_one(self, text: str) -> bool:
        """Is this written as a unit's name, known or not: “H. Giồng Giềng”?"""
        typed = spelled(text)
        kind, bare = _split(_NUMBERED.sub("", typed))
        return bool(bare) and (bool(kind) or bare != typed) or bool(self.hint(text))


@lru_cache(maxsize=4096)
def spelled(text: str) -> str:
    """Small letters, one blank between words, Đ for the Icelandic letter that looks like it."""
    return " ".join(plain(text).translate(_ETH).casefold().split())


@lru_cache(maxsize=4096)
def key(text: str) -> tuple:
    """A name to be compared: letters without blanks and points, and which vowels carry which tone, wherever it is put."""
    letters, tones, cluster, was_vowel = [], [], 0, False
    for c in unicodedata.normalize("NFD", spelled(text)):
        if c in _TONES:
            tones.append((cluster, c))
        elif unicodedata.combining(c):
            letters.append(c)
        elif c.isalnum():
            if (is_vowel := c in _VOWELS) and not was_vowel:
                cluster += 1
            was_vowel = is_vowel
            letters.append(c)
    return "".join(letters), tuple(tones)


def _spaced(text: str) -> str:
    """Words only, with a blank on either side of each."""
    return f" {' '.join(_WORDS.findall(text))} "


def _split(text: str) -> tuple[str, str]:
    """The kind of unit a prefix tells (or nothing), and the name without it."""
    typed = spelled(text)
    match = _PREFIX.match(typed)
    kind = next((k for k in ("town", "county", "borough") if match[k]), "")
    return kind, typed[match.end():]


def _split_within(bare: str) -> tuple[str, str]:
    """The kind that a name of a ward, commune or special zone begins with (or nothing), and the name without it."""
    match = _WITHIN.match(bare)
    return (match.lastgroup, bare[match.end():]) if match else ("", bare)


def _kind_of(unit: Unit) -> str:
    return _KINDS.get(spelled(unit.kind)) or _split(unit.name)[0]

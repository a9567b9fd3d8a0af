"""How many branches the inspection visits, and by which seed those are drawn that nobody chooses (`inspection.toml`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date

from ..files import Folder
from ..plan import toml
from ..plan.rulebook import COUNT, Kind
from ..plan.toml import KeyLog
from ..problems import Refused
from ..rows import Cluster
from ..terms import day, hint
from ..values import nfc

FILE = "inspection.toml"
_WORDS = Kind(lambda v: isinstance(v, str), "một đoạn chữ trong ngoặc kép, để trống được")


def _is_day(value) -> bool:
    """A day of TOML's own, or one as text; a blank is none yet."""
    try:
        return type(value) is date or isinstance(value, str) and (not value.strip() or bool(date.fromisoformat(value.strip())))
    except ValueError:
        return False


_DAY = Kind(_is_day, "ngày dạng 2024-12-11, để trống được")


@dataclass(frozen=True)
class Visits:
    """`visits` branches, `random_visits` of them drawn by `seed`; where the seed is from, and the day it was drawn."""
    visits: int = field(metadata={"kind": COUNT})
    random_visits: int = field(metadata={"kind": COUNT})
    seed: str = field(metadata={"kind": _WORDS})
    seed_source: str = field(metadata={"kind": _WORDS})
    drawn_on: date | str = field(metadata={"kind": _DAY})

    @property
    def day(self) -> date | None:
        """The day on which the seed was drawn, if it is told."""
        typed = self.drawn_on
        return typed if isinstance(typed, date) else date.fromisoformat(typed.strip()) if typed.strip() else None


def read(folder: Folder, clusters: Iterable[Cluster]) -> Visits | None:
    """What `inspection.toml` says (2.3), or None where there is none; `Refused` with every key that cannot be.

    Noticed: more drawn than visited; a seed whose source or day nobody can look up; one drawn before a cluster's dossier came,
    when the list of branches could still be changed.
    """
    path = folder.path / FILE
    if not folder.is_there(path):
        return None
    raw = folder.read(path)
    log = KeyLog(FILE, raw)
    try:
        written = toml.parsed(raw)
    except ValueError as error:
        raise Refused(toml.fault(FILE, raw, error)) from None
    kinds = {one.name: one.metadata["kind"] for one in fields(Visits)}
    for key in written:
        if key not in kinds:
            log.key(key, "không có khóa này", wanted=f"một trong {', '.join(kinds)}{hint(key, kinds)}")
    found = {key: log.value({"seed_source": "", "drawn_on": "", **written}, "", key, kind) for key, kind in kinds.items()}
    log.refuse()
    visits = Visits(**found | {"seed": nfc(found["seed"])})
    for key, what in _odd(visits, clusters):
        folder.log.notice(FILE, f"khóa {key}: {what}", line=log.lines.get(key), seen=str(found[key]))
    return visits


def _odd(one: Visits, clusters: Iterable[Cluster]):
    """What can be read and yet is worth a look: key, and what about it."""
    if one.random_visits > one.visits:
        yield "random_visits", f"bốc thăm nhiều hơn số nơi đi ({one.visits}): chỉ bốc {one.visits}"
    if not one.seed.strip():
        return
    if not one.seed_source.strip():
        yield "seed_source", "chưa ghi con số bốc thăm lấy từ đâu: người khác không kiểm tra lại được"
    if one.day is None:
        yield "drawn_on", "chưa ghi ngày có con số bốc thăm"
    later = [c for c in clusters if one.day and isinstance(c.dossier_received, date) and c.dossier_received >= one.day]
    if later:
        names = ", ".join(f"{c.name} ({day(c.dossier_received)})" for c in later)
        yield "drawn_on", f"con số bốc thăm có trước khi chốt danh sách Hội cơ sở: hồ sơ nhận từ ngày ấy trở đi của {names}"

"""One column, row, heading or title removed, moved, renamed or duplicated: never read differently in silence.

    .venv/bin/python tests/mutate_sheets.py [SEED] [MOST]

Every workbook whose reading is known, one change at a time, as grids in memory; one in 500 by way of a saved file. Each change
ends as one of these, and the command with 1 where one is SILENT:

`same`    the tables are read as before, field by field
`blank`   what was removed, or stood under or beside a heading that was removed, is gone, and nothing else differs
`told`    there is a problem (the cluster waits), or what differs comes with a new notice: at the change, at a value that
          differs, or at that sheet as a whole
`SILENT`  a value is gone, new or another, and nobody is told; or a filled cell is not in the account exactly once

A heading here is any filled cell no value is read from: `title` alone in its row above the values, `heading` above them,
`label` beside or below them, `tab` the sheet's own name. Rows are only exchanged where they are of one kind (so that none
leaves the band it stands under), and nothing is moved that would tear a merged cell. The unit typed on a branch's own line
is a value and is not renamed to another unit.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import takewhile
from pathlib import Path
from random import Random
from typing import NamedTuple

from openpyxl.utils.cell import coordinate_to_tuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from grids import Case, Grid, Held, Reading, cases, differences, news  # noqa: E402

from ctd_analysis.office.grid import letters  # noqa: E402
from ctd_analysis.problems import Problem  # noqa: E402
from ctd_analysis.values import nfc  # noqa: E402

MOST = 10_000
SAVED = 500             # one in so many goes through a file
NEUTRAL = ("Khác", "Thông tin thêm", "Mục khác", "Cột 1")
VERDICTS = ("same", "blank", "told", "SILENT")


class Change(NamedTuple):
    """What is done to which sheet of which case: `what` is column, row, tab, title, heading or label; `at` a cell, or its row
    or column and how many from there."""
    case: int
    sheet: int
    deed: str
    what: str
    at: tuple[int, int]
    to: object = None


class Verdict(NamedTuple):
    """How a change ended, and what differs."""
    verdict: str
    differs: tuple[str, ...] = ()


# ---------------------------------------------------------------- what can be changed

def changes(case: Case, number: int, reading: Reading, random: Random) -> Iterator[Change]:
    """Every change of one case, words chosen at random."""
    for n, grid in enumerate(case.grids):
        taken = {(r, c): key for key, (sheet, r, c) in reading.places.items() if sheet == grid.called}
        for what, turned in (("row", grid), ("column", grid.turned())):
            filled = turned.rows()
            for deed in ("removed", "duplicated"):
                yield from (Change(number, n, deed, what, (row, 1)) for row in filled)
            for row, other, width in _pairs(turned, filled, what, random):
                yield Change(number, n, "moved", what, (row, width), other)
        yield from (Change(number, n, "renamed", "tab", (0, 0), to) for to in (random.choice(NEUTRAL), typo(grid.name, random)))
        top = min((r for r, _ in taken), default=10**6)
        for place, held in grid.cells.items():
            if place not in taken:
                what = "label" if place[0] >= top else "title" if _is_alone(grid, place) else "heading"
                yield Change(number, n, "removed", what, place)
                yield Change(number, n, "duplicated", what, place)
                for to in _names(grid, place, held, top, taken, random):
                    yield Change(number, n, "renamed", what, place, to)


def _pairs(grid: Grid, filled: list[int], what: str, random: Random) -> Iterator[tuple[int, int, int]]:
    """What may change places: neighbours, a row and one of its kind further on, blocks under heads of one width."""
    for k, row in enumerate(filled[:-1]):
        further = filled[k + 1:] if what == "column" else list(takewhile(partial(_are_alike, grid, row), filled[k + 1:]))
        if further:
            yield row, further[0], 1
            yield row, random.choice(further), 1
    for t, left, b, r in grid.merges:
        after = (b + 1, left, b + 1 + b - t, r)
        if b > t and after in grid.merges and (what == "column" or _are_alike(grid, t, b + 1)):
            yield t, b + 1, b - t + 1


def _are_alike(grid: Grid, first: int, second: int) -> bool:
    """Do two rows begin alike, and have they mostly the same cells filled?"""
    mine, theirs = ({c: grid.cells[r, c] for r, c in grid.cells if r == row} for row in (first, second))
    common = mine.keys() & theirs.keys()
    return len(common) > 2 and 3 * len(common) >= 2 * len(mine | theirs) and min(mine) == min(theirs) \
        and _sort(mine[min(mine)]) == _sort(theirs[min(theirs)])


def _sort(held: Held) -> str:
    typed = str(held.value).strip(" .)")
    return "number" if typed.replace(".", "").isdigit() else "roman" if typed and not set(typed) - set("IVXivx") else "words"


def _is_alone(grid: Grid, place: tuple[int, int]) -> bool:
    return sum(r == place[0] for r, _ in grid.cells) == 1


def _names(grid: Grid, place, held: Held, top: int, taken: dict, random: Random) -> Iterator[Held]:
    """Neutral words, other headings' (a label: one of its column's), and what is there with a slip of the hand."""
    times = 1 if place[0] >= top else 3
    yield from (Held("t", word) for word in random.sample(NEUTRAL, times))
    others = [h for p, h in grid.cells.items() if p not in taken and h.kind in "tn" and h.value != held.value
              and (p[1] == place[1] and p[0] >= top if place[0] >= top else p[0] < top)]
    is_unit_of_a_line = any(key[0] == "branches" and r == place[0] for (r, _), key in taken.items())
    if others and not is_unit_of_a_line:
        yield from random.sample(others, min(times, len(others)))
    for text in sorted({typo(str(held.value), random) for _ in range(times if held.kind in "tn" else 0)}):
        yield Held("n", int(text)) if held.kind == "n" and text.isdigit() else Held("t", text)


def typo(text: str, random: Random) -> str:
    """A sign left out, typed twice, exchanged with its neighbour, or another in its place."""
    at = random.randrange(len(text))
    rest = text[at + 1:]
    twin = "8" if text[at].isdigit() else "h"
    slips = [text[:at] + rest, text[:at] + 2 * text[at] + rest, text[:at] + twin + rest,
             text[:at] + rest[:1] + text[at] + rest[1:]]
    return random.choice([s for s in slips if s.strip() and s != text] or [text + "h"])


# ---------------------------------------------------------------- done

def done(case: Case, change: Change) -> tuple[Grid, ...] | None:
    """The sheets with one thing changed; None where it cannot be done."""
    grid = _changed(case.grids[change.sheet], change)
    if grid is None or grid == case.grids[change.sheet]:
        return None
    return tuple(grid if n == change.sheet else other for n, other in enumerate(case.grids))


def _changed(grid: Grid, change: Change) -> Grid | None:
    if change.what in ("row", "column"):
        line, width = change.at
        turned = grid if change.what == "row" else grid.turned()
        made = {"removed": lambda: turned.without(line), "duplicated": lambda: turned.doubled(line),
                "moved": lambda: turned.exchanged(line, change.to, width)}[change.deed]()
        return made if made is None or change.what == "row" else made.turned()
    if change.what == "tab":
        return replace(grid, name=change.to)
    if change.deed == "duplicated":
        return _said_twice(grid, change)
    return grid.with_cell(change.at, change.to)


def _said_twice(grid: Grid, change: Change) -> Grid:
    """A title said once more under the sheet; another heading, in the first free cell of its row or, a label, of its column."""
    row, column = change.at
    covered = {(r, c) for t, left, b, right in grid.merges for r in range(t, b + 1) for c in range(left, right + 1)}
    last = max(grid.rows()) + 2
    free = ((last, column) if change.what == "title" else next(
        p for k in range(1, 10**6) if (p := (row, column + k) if change.what == "heading" else (row + k, column))
        not in grid.cells and p not in covered))
    return grid.with_cell(free, grid.cells[change.at])


# ---------------------------------------------------------------- judged

def judge(case: Case, change: Change, before: Reading, after: Reading) -> Verdict:
    """What a change came to; `SILENT` says each field that differs."""
    refused, keys = news(before.problems, after.problems), differences(before, after)
    differs = tuple(keys.values())
    if after.unaccounted:
        return Verdict("SILENT", (after.unaccounted, *differs))
    if not keys and not refused:
        return Verdict("same")
    if refused:
        return Verdict("told", differs)
    if change.deed == "removed" and all(key not in after.fields and was_removed(case, change, before, key) for key in keys):
        return Verdict("blank", differs)
    named = {case.grids[change.sheet].called, nfc(str(change.to))}
    where = {place[1:] for reading in (before, after) for key in keys if (place := reading.places.get(key))}
    if any(one.sheet in named and _is_there(change, one, where) for one in news(before.notices, after.notices)):
        return Verdict("told", differs)
    return Verdict("SILENT", differs)


def _is_there(change: Change, one: Problem, where: set[tuple[int, int]]) -> bool:
    """Does a notice stand at the sheet as a whole, at the change, or at a value that differs? (A printed total that no longer
    agrees does not say why.)"""
    if not one.cell:
        return True
    place = coordinate_to_tuple(one.cell)
    if change.what in ("row", "column"):
        return place in where or place[change.what == "column"] - change.at[0] in (0, 1)
    return place in where or place == change.at


def was_removed(case: Case, change: Change, before: Reading, key: tuple) -> bool:
    """Was this value's cell removed, or a heading over it, beside it, or alone in a row above it?"""
    grid = case.grids[change.sheet]
    sheet, row, column = before.places.get(key, ("", 0, 0))
    if sheet != grid.called:
        return False
    line = {"row": 0, "column": 1}.get(change.what)
    gone = [change.at] if line is None else [p for p in grid.cells if p[line] == change.at[0]]
    values = {(r, c) for other, (s, r, c) in before.places.items() if s == sheet and other[3] != "branch"}
    return (row, column) in gone or any(_heads(grid, p, row, column) for p in gone if p not in values)


def _heads(grid: Grid, place: tuple[int, int], row: int, column: int) -> bool:
    top, left, bottom, right = grid.extent(place)
    return left <= column <= right and top < row or top <= row <= bottom or top < row and _is_alone(grid, place)


# ---------------------------------------------------------------- all of it

class Bench:
    """The cases (or those whose names begin so) with their readings; one in each process."""

    def __init__(self, begins: str = ""):
        self.scratch = tempfile.TemporaryDirectory()
        self.cases = [case for case in cases(Path(self.scratch.name)) if case.name.startswith(begins)]
        self.before = [case.read(case.grids) for case in self.cases]

    def all_changes(self, seed: int, most: int) -> list[Change]:
        """As many changes as asked for, each as likely as any other."""
        random = Random(seed)  # noqa: S311 - the same changes every time
        found = [c for n, case in enumerate(self.cases) for c in changes(case, n, self.before[n], random)]
        return random.sample(found, min(most, len(found)))

    def verdict(self, change: Change, is_saved: bool = False) -> Verdict | None:
        """How a change ends; None where it cannot be made."""
        case, before = self.cases[change.case], self.before[change.case]
        grids = done(case, change)
        if grids is None:
            return None
        after = case.read(grids)
        found = judge(case, change, before, after)
        if is_saved:
            saved = case.read_saved(grids, Path(self.scratch.name) / "saved.xlsx")
            again = judge(case, change, before, saved)
            if again != found:
                return Verdict("SILENT", (f"in memory {found.verdict}, through a file {again.verdict}", *again.differs))
        return found

    def told(self, change: Change, found: Verdict) -> str:
        """A line about one change."""
        case = self.cases[change.case]
        grid = case.grids[change.sheet]
        held, row = grid.cells.get(change.at) if change.what not in ("row", "column", "tab") else None, change.at[0]
        place = {"tab": "tab", "row": f"row {row}", "column": f"column {letters(row)}"}.get(
            change.what, f"{letters(change.at[1])}{row}")
        to = change.to.value if isinstance(change.to, Held) else change.to
        return (f"{case.name}, {grid.called}, {place}: {change.what} {change.deed}{f' {held.value!r}' if held else ''}"
                f"{f' → {to!r}' if to is not None else ''}: {len(found.differs)} differ: {'; '.join(found.differs[:4])}")


_BENCH: Bench | None = None


def _begin() -> None:
    global _BENCH
    _BENCH = Bench()


def _verdict(task: tuple[int, Change]) -> Verdict | None:
    try:
        return _BENCH.verdict(task[1], task[0] % SAVED == 0)
    except Exception as error:  # noqa: BLE001 - a traceback is a finding too
        return Verdict("SILENT", (f"traceback: {type(error).__name__}: {error}",))


def main(seed: int = 1, most: int = MOST) -> int:
    """Make the changes; counts by kind and by case, each silent one, and each move that does not leave all as it was."""
    _begin()
    tasks = list(enumerate(_BENCH.all_changes(seed, most)))
    with ProcessPoolExecutor(2, initializer=_begin) as pool:
        found = [(change, v) for (_, change), v in zip(tasks, pool.map(_verdict, tasks, chunksize=20), strict=True) if v]
    for title, kind in (("kind", lambda c: f"{c.what} {c.deed}"), ("case", lambda c: _BENCH.cases[c.case].name)):
        counts = Counter((kind(change), v.verdict) for change, v in found)
        print(f"{title:42}" + "".join(f"{v:>8}" for v in VERDICTS))
        for one in sorted({k for k, _ in counts}):
            print(f"{one:42}" + "".join(f"{counts[one, v]:8}" for v in VERDICTS))
    for change, v in found:
        if v.verdict == "SILENT" or change.deed == "moved" and v.verdict != "same":
            print(v.verdict, _BENCH.told(change, v))
    total = Counter(v.verdict for _, v in found)
    refused = sum(change.deed == "moved" and v.verdict != "same" for change, v in found)
    print(f"seed {seed}: {len(found)} changed sheets: " + ", ".join(f"{v} {total[v]}" for v in VERDICTS)
          + f"; moved and not the same {refused}")
    return 1 if total["SILENT"] or not found else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))

"""A folder for the next year: rules, units, clusters and criteria go on, what belongs to one year stays empty.

Days, the year and the year in the plan's title move; every other byte of the rule book stays. Text that names another year is
left as it is and listed for a person to look at (`new-year.todo`); reading the year repeats what is not struck out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from ..files import read_plain
from ..plan import rulebook, toml
from ..plan.load import load
from ..problems import Problem, Refused, visible
from ..rows import COLUMNS, Branch, as_csv
from ..terms import TABLES, day
from .csvfile import SIGN, delimiter_of
from .parser import years_later

TODO = "new-year.todo"
#: Tables that go on as they are; of all other tables of a year the columns alone.
CARRIED = ("units", "criteria", "clusters")
_HEAD = """# Việc cần người xem khi lập năm {year} từ năm {before}: mỗi dòng một việc, ghi tệp và số dòng lúc lập.
# Xem xong thì ghi x vào ngoặc ([x]) hoặc xóa dòng; ctd check nhắc lại những dòng còn [ ].
"""
_OPEN = re.compile(r"\s*\[\s*\]\s*(.+)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: What a TOML file is made of, as far as it matters here: text and comments first, so that no day in them is taken for one.
_PIECE = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|'
                    r'(?<![\w+.-])\d{4}-\d\d-\d\d', re.DOTALL)


def files(folder: Path, book: rulebook.Rulebook, branches: Iterable[Branch], year: int,
          lost: Iterable[str] = ()) -> dict[str, bytes]:
    """The files of the year `year` made from the one in `folder`, by name; `Refused` where the rule book cannot be moved.

    `branches` are kept by name alone, for the templates; `lost` are clusters whose branches could not be read.
    """
    raw = read_plain(folder / rulebook.FILE)
    rules = moved(raw, book, year)
    made = {rulebook.FILE: rules}
    todo = [line for _, line in sorted([*_days(raw, rules), *_other_years(rulebook.FILE, rules, year, _texts(rules))])]
    for table in CARRIED:
        made[f"{table}.csv"] = kept = _carried(table, read_plain(folder / f"{table}.csv"))
        todo += [line for _, line in _other_years(f"{table}.csv", kept, year)] if table != "units" else []    # mostly numbers
    made["branches.csv"] = as_csv("branches", [(b.unit, b.branch, "", "") for b in branches]).encode()
    todo += [f"branches.csv: hồ sơ năm {book.year} của {cluster} có lỗi, chưa có tên Hội cơ sở của cụm này" for cluster in lost]
    for table in COLUMNS:
        if table not in (*CARRIED, *TABLES):
            made[f"{table}.csv"] = _first_and_rest(folder / f"{table}.csv")[0].encode()
    if changed := sum(bool(line.strip(" ,;\t\r")) for line in _first_and_rest(folder / "amendments.csv")[1].split("\n")):
        todo.append(f"amendments.csv: {changed} thay đổi của năm {book.year} không chép; năm {year} còn theo thì sửa "
                    f"{rulebook.FILE}")
    made[TODO] = (_HEAD.format(year=year, before=book.year) + "".join(f"[ ] {line}\n" for line in todo)).encode()
    return {name: content for name, content in made.items() if content}


def open_lines(raw: bytes) -> list[tuple[int, str]]:
    """What is not struck out in a `new-year.todo`: line, counted from 1, and text. UnicodeDecodeError where it is no UTF-8."""
    lines = enumerate(raw.decode("utf-8-sig").splitlines(), 1)
    return [(number, found[1].strip()) for number, line in lines if (found := _OPEN.fullmatch(line))]


# ---------------------------------------------------------------- the rule book

def moved(raw: bytes, book: rulebook.Rulebook, year: int) -> bytes:
    """A rule book moved to another year, byte for byte but for days, `year`, `sample` and the year in the plan's title.

    `Refused` where that cannot be done by these places alone, or where the outcome is no rule book.
    """
    years, text = year - book.year, raw.decode()
    title = _offset(text, toml.lines_of(raw)["plan.title"])
    text = text[:title] + re.sub(_PIECE, lambda one: _exchanged(one[0], book.year, year), text[title:], count=1)
    text = _PIECE.sub(lambda one: one[0] if one[0][0] in "\"'#" else f"{years_later(date.fromisoformat(one[0]), years)}", text)
    text = re.sub(rf"^(\ufeff?year[ \t]*=[ \t]*){book.year}\b", rf"\g<1>{year}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^(\ufeff?sample[ \t]*=[ \t]*)true\b", r"\g<1>false", text, count=1, flags=re.MULTILINE)
    wanted = _moved(toml.parsed(raw), years)
    wanted |= {"year": year, "sample": False}
    wanted["plan"] |= {"title": _exchanged(wanted["plan"]["title"], book.year, year)}
    if toml.parsed(text.encode()) != wanted:
        raise Refused(Problem(rulebook.FILE, f"không dời được sang năm {year}: year, sample, title hoặc một ngày viết khác lối",
                              wanted=f"year = {book.year}, sample = true hoặc false, title = \"…\", mỗi khóa một dòng"))
    load(Path(rulebook.FILE), text.encode())
    return text.encode()


def _exchanged(text: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), text)


def _moved(value, years: int):
    """The tables of a rule book with each day so many years later."""
    if isinstance(value, dict):
        return {key: _moved(one, years) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, years) for one in value]
    return years_later(value, years) if isinstance(value, date) else value


def _offset(text: str, line: int) -> int:
    """Where a line, counted from 1, begins in a text."""
    return sum(len(one) + 1 for one in text.split("\n")[:line - 1])


# ---------------------------------------------------------------- what a person has to look at

def _item(file: str, line: int, what: str) -> str:
    return f"{file}, dòng {line}: {what}"


def _days(old: bytes, new: bytes) -> Iterator[tuple[int, str]]:
    """Each line whose day moved, or whose `sample` did beside a comment."""
    for number, (before, after) in enumerate(zip(old.decode().splitlines(), new.decode().splitlines(), strict=True), 1):
        days = [(a[0], b[0]) for a, b in zip(_PIECE.finditer(before), _PIECE.finditer(after), strict=True) if a[0][0].isdigit()]
        for was, now in (map(date.fromisoformat, pair) for pair in days):
            gone = f" (năm {now.year} không có ngày {was:%d/%m})" if was.day != now.day else ""
            if was != now:
                yield number, _item(rulebook.FILE, number, f"đã dời ngày {day(was)} thành {day(now)}{gone}; so với kế hoạch "
                                    f"năm {now.year}")
        if before != after and after.startswith("sample") and "#" in after:
            yield number, _item(rulebook.FILE, number, "đã ghi sample = false; xem lời ghi chú bên cạnh còn đúng không")


def _texts(raw: bytes) -> dict[int, str]:
    """Texts and comments of a TOML file: what stands in them, by line, counted from 1."""
    text, found = raw.decode(), {}
    for piece in _PIECE.finditer(text):
        if not piece[0][0].isdigit():
            for number, part in enumerate(piece[0].splitlines(), text.count("\n", 0, piece.start()) + 1):
                found[number] = f"{found.get(number, '')} {part}"
    return found


def _other_years(file: str, raw: bytes, year: int, texts: dict[int, str] | None = None) -> Iterator[tuple[int, str]]:
    """Lines that name another year than this, in their texts where such are given: number, and what is to be said."""
    for number, line in enumerate(raw.decode("utf-8-sig").split("\n"), 1):
        named = _YEAR.findall(line if texts is None else texts.get(number, ""))
        if others := dict.fromkeys(one for one in named if int(one) != year):
            yield number, _item(file, number, f"còn ghi {', '.join(others)}: {visible(line.strip(), 120)}")


# ---------------------------------------------------------------- tables

def _carried(table: str, raw: bytes) -> bytes:
    """A table as it goes on; of the clusters the day on which the dossier came stays blank."""
    if table != "clusters":
        return raw
    text = raw.decode("utf-8-sig")
    told = SIGN.match(text)
    body, sign = text[told.end():] if told else text, delimiter_of(text)
    first, *rows = csv.reader(io.StringIO(body, newline=""), delimiter=sign)
    place = [name.strip().casefold() for name in first].index("dossier_received")
    if not any(row[place].strip() for row in rows if len(row) > place):
        return raw
    made = io.StringIO()
    csv.writer(made, delimiter=sign, lineterminator="\r\n" if "\r\n" in body else "\n").writerows(
        [first, *([*row[:place], "", *row[place + 1:]] for row in rows)])
    return raw[:len(raw) - len(text.encode())] + (told[0] if told else "").encode() + made.getvalue().encode()


def _first_and_rest(path: Path) -> tuple[str, str]:
    """The first line of a table, with Excel's own before it, and what follows; nothing where there is no such file."""
    try:
        text = read_plain(path).decode()
    except (OSError, UnicodeDecodeError):
        return "", ""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    told = SIGN.match(text.removeprefix(mark))
    end = text.find("\n", len(mark) + (told.end() if told else 0)) + 1 or len(text)
    return text[:end], text[end:]

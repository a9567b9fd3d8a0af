"""A year that is still young: the tables that are written before December, put into a folder."""

from __future__ import annotations

from pathlib import Path


def put(folder: Path, table: str, *rows: str) -> Path:
    """A table of the year with these rows, its head before them."""
    heads = {"received": "unit,filing,received,document", "targets": "unit,branch,indicator,target,note",
             "progress": "unit,indicator,as_of,actual,note", "direct": "source,name,kind,indicator,target,actual,note"}
    (folder / f"{table}.csv").write_text("\n".join([heads[table], *rows]) + "\n", encoding="utf-8")
    return folder


def add_rules(folder: Path, text: str) -> Path:
    """The year's rule book with its table of paces changed."""
    book = folder / "rulebook.toml"
    kept = book.read_text(encoding="utf-8").partition(f"# {64 * '-'} IV, II.9")[0]
    book.write_text(kept + text, encoding="utf-8")
    return folder

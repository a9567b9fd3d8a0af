"""What `compare.ipynb` calls: one year against another, or one year under two scales."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..answers.appraisal import appraise
from ..answers.compare import Comparison, compare, under_old_rules
from ..files import read_plain
from ..plan.load import load
from ..problems import visible, why
from ..tables import compare as tables
from ..tables.markup import Fragment, part
from ..words import compare as words
from ..year.newest import before, find_year
from ..year.year import read
from .notebook import Page, ProvincePage, says_of, shows_of

#: The page's name, and what its link is called.
NAME, LINK = "compare", "So sánh với năm khác"


@dataclass(frozen=True)
class ComparisonPage(Page):
    """Two years, or two scales; the page is the new year's."""
    comparison: Comparison = field(repr=False)

    is_whole = True
    parts = shows_of(tables.parts, "comparison")
    moved = shows_of(tables.moved, "comparison")
    others = shows_of(tables.others, "comparison")
    targets = shows_of(tables.targets, "comparison")
    leniency = shows_of(tables.leniency, "comparison")
    lost_points = shows_of(tables.lost_points, "comparison")
    titles = shows_of(tables.titles, "comparison")
    summary = says_of(words.summary, "comparison")
    sources = shows_of(tables.sources, "comparison")

    @property
    def title(self) -> str:
        """Which years, which scales."""
        return words.title(self.comparison)

    @property
    def running_head(self) -> str:
        """Short enough for the head of a sheet."""
        years = dict.fromkeys(str(book.year) for book in (self.comparison.old_book, self.comparison.new.book))
        return f"So sánh {' – '.join(years)}"

    @cached_property
    def marks(self) -> list[tuple[str, str]]:
        """The marks of the new year's pages, then those that only the old year's have."""
        found = ProvincePage(self.comparison.new).marks
        other, side = ProvincePage(self.comparison.old).marks, words.sides(self.comparison)[0].upper()
        return [*found, *((kind, f"{side}: {text}") for kind, text in other if (kind, text) not in found)]

    def remarks(self) -> Fragment:
        """What has to be known before the numbers are believed."""
        return Fragment(part("sentences", lines=[f"Lưu ý: {remark}" for remark in words.remarks(self.comparison)]))

    def chart(self) -> Fragment:
        """The five parts of each outcome, drawn."""
        from ..tables import waterfall
        return waterfall.waterfall(self.comparison)


def open_comparison(old_dir: str = "", new_dir: str = "", old_rules: str = "") -> ComparisonPage:
    """The page of two years by their folders, or of `new_dir` under its own rules and those of the file `old_rules`.

    Empty: the newest year that has a submission, and the one before it. FileNotFoundError: there is no such year or file;
    ValueError: rules for another number of criteria; `Refused` as `read` and `load`.
    """
    new_folder = find_year(new_dir)
    new = appraise(read(new_folder))
    if old_rules:
        try:
            raw = read_plain(Path(old_rules))
        except OSError as error:
            raise FileNotFoundError(f"Không đọc được tệp quy định “{visible(str(old_rules))}” ({why(error)}).") from None
        return ComparisonPage(new, under_old_rules(new, load(Path(old_rules), raw), Path(old_rules).name))
    old = find_year(old_dir) if old_dir else before(new_folder)
    if old is None:
        raise FileNotFoundError(f"Không có năm nào trước {new_folder} để so; nêu old_dir, ví dụ data/2023.")
    return ComparisonPage(new, compare(appraise(read(old)), new))

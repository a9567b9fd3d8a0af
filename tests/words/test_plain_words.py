"""One sense a word: what readers see never says what the Council's own words say better."""

from __future__ import annotations

import ast
import re

import pytest
from conftest import ROOT

#: Words that stood for something else, each as a pattern; "mức" is left for what III.2.2 takes away.
INSTEAD_OF = ("dẫn đầu", "vướng", "ấn định", "giữ được nhờ", "hạ 1 mức", "các khóa xếp thứ tự", "hậu quả", "ngày hạn",
              r"\btrễ\b", "mất ở đâu", "chấm rộng", "trên văn bản", "so trên số nguyên", "đều là đặt ra", "trong tay",
              "đúng với số liệu", "số đề cử", r"\d %(?!})", r"(?<!một )(?<!mấy )\bmức\b(?! thấp hơn| vì )")
FOLDERS = {"ctd_analysis": "py j2 js", "docs": "md", "notebooks": "ipynb", "data": "md toml"}
SAID = sorted(path for folder, kinds in FOLDERS.items()
              for kind in kinds.split() for path in (ROOT / folder).rglob(f"*.{kind}"))


def sentences(path) -> str:
    """What a file may show: of a module its strings without docstrings, of anything else all."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    tree = ast.parse(text)
    aside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return "\n".join(node.value for node in ast.walk(tree)
                     if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside)


@pytest.mark.parametrize("path", [*SAID, ROOT / "README.md"], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_each_word_has_its_one_sense(path):
    """Modules, templates, docs, notebooks, the sample year."""
    said = sentences(path)

    assert [] == [said[max(found.start() - 30, 0):found.end() + 20] for word in INSTEAD_OF
                  for found in re.finditer(word, said, re.IGNORECASE)]

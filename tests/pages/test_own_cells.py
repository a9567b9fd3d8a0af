"""Cells of the reader's own in a cluster's notebook: what they print, draw or show is on the page, in its style, escaped."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser

import nbformat
import pytest
from conftest import ROOT, SHIPPED, kept_notebook

from ctd_analysis.pages.notebook import open_cluster
from ctd_analysis.pages.site import frame_of
from ctd_analysis.run import render

OWN = [
    'print("<b>in ra</b> & hết")',
    'import sys; print("<i>bên lề</i>", file=sys.stderr)',
    'from IPython.display import Markdown; Markdown("**đậm** <script>alert(1)</script>")',
    'import pandas as pd; pd.DataFrame({"<u>cột</u>": ["<s>ô</s>", "khác"]})',
    'import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()',
    'from IPython.display import SVG; SVG(\'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(2)</script></svg>\')',
    '"<em>chữ</em>"', "page.appraisal.facts.a", "import ctd_analysis as ctd\nctd.read(year_dir).units",
    'from IPython.display import HTML; HTML("<b>đóng mở đủ</b><script>alert(3)</script>")',
    "import ipywidgets; ipywidgets.IntSlider()", "ctd.show(ctd.read(year_dir).branches.head(2))",
    "ctd.explore(ctd.read(year_dir))", "print('\\x1b[31mđỏ\\x1b[0m')", "from IPython.display import display; display(1, 'hai')"]


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a cluster's notebook with these cells at its end."""
    folder = tmp_path_factory.mktemp("own")
    book = nbformat.reads(kept_notebook("cluster_report.ipynb"), as_version=4)
    book.cells += [nbformat.v4.new_code_cell(source) for source in OWN]
    nbformat.write(book, folder / "cluster_report.ipynb")
    import papermill
    done = papermill.execute_notebook(str(folder / "cluster_report.ipynb"), str(folder / "out.ipynb"),
                                      {"year_dir": str(SHIPPED), "cluster": "cum-1"}, progress_bar=False, cwd=str(ROOT))
    opened = open_cluster(str(SHIPPED), "cum-1")
    return render.to_html(done, frame_of(opened, "0", "nay"))


@pytest.mark.parametrize("text", ["&lt;b&gt;in ra&lt;/b&gt; &amp; hết", "<strong>đậm</strong>", "&lt;u&gt;cột&lt;/u&gt;",
                                  "&lt;s&gt;ô&lt;/s&gt;", "&lt;em&gt;chữ&lt;/em&gt;", "data:image/png;base64,",
                                  "data:image/svg+xml,", "Thành phố Hà Tiên", "<b>đóng mở đủ</b>",
                                  "Điều khiển của sổ tính: chỉ dùng được", 'aria-label="Bảng"', ">đỏ\n<", "hai"])
def test_what_a_cell_shows_is_on_the_page(page, text):
    """Print, Markdown, a table, plots, a value, HTML; of a widget that it is one."""
    assert text in page


@pytest.mark.parametrize("text", ["<b>in ra", "<i>bên lề", "<u>cột", "<s>ô", "<em>chữ", "alert(1)</script>",
                                  "alert(2)</script>", "bên lề", "\x1b", "IntSlider(", "VBox("])
def test_what_a_cell_shows_is_never_markup_of_the_page(page, text):
    """Signs are escaped, a drawing is a picture; what goes to standard error is the maker's own."""
    assert text not in page


def test_what_a_cell_shows_has_the_page_s_style(page):
    """Inside `ctd`; and every element that is opened is closed."""
    assert re.search(r'<div class="ctd own"><div class="scroll">\s*<div>\s*<style scoped', page)
    assert '<pre class="ctd">&lt;b&gt;in ra' in page

    class Balance(HTMLParser):
        """Counts open divisions."""
        open = 0

        def handle_starttag(self, tag, attrs):
            self.open += tag == "div"

        def handle_endtag(self, tag):
            self.open -= tag == "div"

    balance = Balance()
    balance.feed(page)
    assert 0 == balance.open


@pytest.mark.parametrize("typed", ["1", "None", "True", "1.5", "cum-33"])
def test_whatever_papermill_makes_of_a_wrong_cluster_the_sentence_is_the_same(typed):
    """It reads numbers, None and True out of what is typed."""
    from papermill.cli import _resolve_type
    with pytest.raises(ValueError, match=f"Không có cụm “{typed}”") as refused:
        open_cluster(str(SHIPPED), _resolve_type(typed))

    assert "các cụm: cum-1" in str(refused.value)


def test_a_number_for_a_cluster_on_papermill_s_own_command_line(tmp_path):
    """`papermill -p cluster 1`: the sentence ends the notebook."""
    done = subprocess.run([sys.executable, "-m", "papermill", "notebooks/cluster_report.ipynb", str(tmp_path / "out.ipynb"),
                           "-p", "cluster", "1"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120)

    assert 0 != done.returncode
    assert "ValueError: Không có cụm “1”" in done.stderr

"""What a kernel says outside a notebook: kept from the terminal, told where the kernel did not start."""

from __future__ import annotations

import itertools
import re
import socket
import time

import nbformat
import papermill
import pytest
from conftest import SHIPPED, needs_posix
from jupyter_client.connect import LocalPortCache

from ctd_analysis.answers.appraisal import appraise
from ctd_analysis.run import kernels, render, worklist
from ctd_analysis.year.year import read


@pytest.fixture
def taken_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@pytest.fixture
def made(monkeypatch, tmp_path, taken_port):
    """The first page, made while a port taken by somebody else is held for a free one, each of these times."""
    job = worklist.plan(appraise(read(SHIPPED)), None)[0]

    def make(times) -> render.Made:
        asked, find = itertools.count(), LocalPortCache.find_available_port
        monkeypatch.setattr(LocalPortCache, "find_available_port",
                            lambda cache, ip: taken_port if next(asked) in times else find(cache, ip))
        try:
            return render.make(render.Task(job.name, str(worklist.NOTEBOOKS / job.notebook), job.parameters,
                                           worklist.context(job, "nay"), str(tmp_path)))
        finally:
            kernels.close()
    return make


@pytest.mark.parametrize("channel", range(5), ids=["shell", "iopub", "stdin", "heartbeat", "control"])
def test_a_port_taken_meanwhile_is_told_to_nobody(made, capfd, channel):
    """The kernel is started anew, or does without (nobody listens to its heartbeat)."""
    start = time.monotonic()
    page = made({channel})

    assert time.monotonic() - start < kernels.READY / 2
    assert not page.reasons and page.page and ("", "") == capfd.readouterr()


def test_a_kernel_that_never_starts_is_told_with_its_last_word(made, capfd):
    page = made(range(10))

    assert page.is_ours and re.fullmatch(r"nhân tính toán \(kernel\) không chạy lên được "
                                         r"\(RuntimeError: [^;]+; .*ZMQError.*\), đã thử lại một lần", page.reasons[0])
    assert ("", "") == capfd.readouterr()


PRINTS = ["print('một'); import sys; print('hai', file=sys.stderr); 'ba'",
          "print('không xuống dòng', end=''); sys.stdout.flush(); sys.stdout.flush(); print('!')",
          "from IPython.display import display; print(1); display(2); print(3); display(4); sys.stderr.write('năm')",
          "from threading import Thread; t = Thread(target=print, args=('bảy',)); t.start(); t.join()",
          "import logging; logging.warning('tám'); sys.stdout.writelines(['chín', 'mười'])",
          "for n in range(3000): print(n)",
          "print('trước khi hỏng'); 1 / 0"]


def book_of(sources: list[str]) -> nbformat.NotebookNode:
    """A notebook of these cells."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return book


def test_what_a_notebook_prints_comes_as_from_any_kernel(tmp_path):
    """In the same order, nothing lost: our own engine beside papermill's."""
    for name, sources in (("whole", PRINTS[:-1]), ("fails", PRINTS)):
        nbformat.write(book_of(sources), tmp_path / f"{name}.ipynb")
    try:
        ours = render.execute(tmp_path / "whole.ipynb", tmp_path / "ours.ipynb", {})
        with pytest.raises(papermill.PapermillExecutionError):
            render.execute(tmp_path / "fails.ipynb", tmp_path / "failed.ipynb", {})
    finally:
        kernels.close()
    theirs = papermill.execute_notebook(tmp_path / "whole.ipynb", None, progress_bar=False)
    failed = nbformat.read(tmp_path / "failed.ipynb", 4)

    assert [cell.outputs for cell in ours.cells] == [cell.outputs for cell in theirs.cells]
    assert ["trước khi hỏng\n", "ZeroDivisionError"] == [one.get("text") or one.ename for one in failed.cells[-1].outputs]


def test_thousands_of_outputs_all_come(tmp_path):
    """ZeroMQ by itself drops what comes after a thousand messages that wait."""
    nbformat.write(book_of(["for n in range(4000): display(n)"]), tmp_path / "many.ipynb")
    try:
        done = render.execute(tmp_path / "many.ipynb", tmp_path / "done.ipynb", {})
    finally:
        kernels.close()

    assert [str(n) for n in range(4000)] == [one.data["text/plain"] for one in done.cells[0].outputs]


LEFT = {"a thread": "import threading; speak = lambda: [(time.sleep(.02), print('CÒN NÓI')) for _ in range(200)]\n"
                    "threading.Thread(target=speak, daemon=True).start()",
        "a timer": "import threading; threading.Timer(.2, print, ['CÒN NÓI']).start()",
        "a process": "import subprocess; subprocess.Popen(['sh', '-c', 'sleep .3; echo CÒN NÓI'])",
        "a closed stream": "import sys; sys.stderr.close()",
        "another stream": "import sys; sys.stdout = type('Own', (), {'write': len, 'flush': lambda _: None})()",
        "a logger": "import logging, sys; logging.basicConfig(level=0, stream=sys.stdout); logging.info('CÒN NÓI')"}


@needs_posix
@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_what_a_notebook_leaves_at_work_says_nothing_on_another_page(tmp_path, left):
    """The kernel goes with it, or its settings come back."""
    nbformat.write(book_of(["import time\n" + left]), tmp_path / "leaves.ipynb")
    then = "import logging, sys, time; time.sleep(.5); logging.info('nghe'); print('err', file=sys.stderr); 1"
    nbformat.write(book_of([then]), tmp_path / "next.ipynb")
    try:
        render.execute(tmp_path / "leaves.ipynb", tmp_path / "done.ipynb", {})
        after = render.execute(tmp_path / "next.ipynb", tmp_path / "done.ipynb", {})
    finally:
        kernels.close()

    assert ["err\n", "1"] == [one.get("text") or one.data["text/plain"] for one in after.cells[0].outputs]


def test_a_kernel_stays_where_nothing_is_at_work(tmp_path):
    """What the pages themselves do starts no thread."""
    jobs = worklist.plan(appraise(read(SHIPPED)), None)
    try:
        for job in jobs:
            render.execute(worklist.NOTEBOOKS / job.notebook, tmp_path / "done.ipynb", job.parameters)
        assert len(jobs) == kernels.mine().notebooks
    finally:
        kernels.close()

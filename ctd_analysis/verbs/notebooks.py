"""`ctd notebooks`: copies of the notebooks to work in, wherever the library is installed."""

from __future__ import annotations

from pathlib import Path

from .shared import CallError, write_beside


def notebooks(options) -> int:
    """The notebooks into a folder; one that lies there and was worked in stays, the new one lies beside it.

    `CallError` where no folder is named or it cannot be written to.
    """
    if not options.folder.strip():
        raise CallError("notebooks cần tên một thư mục")
    from ..run.worklist import NOTEBOOKS
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        write_beside(Path(options.folder) / path.name, path.read_bytes())
    return 0

"""In a kernel: what a notebook prints, on its way to the page."""

from __future__ import annotations

from ipykernel.iostream import OutStream


class Stream(OutStream):
    """ipykernel's own waits for the thread that sends at each flush, six times a cell; this one where something was written."""

    _has_more = False

    def write(self, string: str) -> int | None:
        """As of any stream."""
        self._has_more = True
        return super().write(string)

    def flush(self) -> None:
        """Back once all that was written has been sent."""
        if self._has_more:
            self._has_more = False
            super().flush()

"""ctd-analysis: the year-end appraisal of a provincial Red Cross society, as notebooks and a library.

This is the door: the names below are what a notebook may use. They load when asked for, so that `ctd --help` stays quick.
"""

from importlib import import_module

__version__ = "0.1.0"

_ROOMS = {"open_cluster": "notebook", "open_province": "notebook", "open_inputs": "notebook",
          "open_comparison": "comparison", "open_inspection": "inspection", "open_registration": "midyear",
          "open_progress": "midyear", "hold_session": "session", "explore": "controls"}
__all__ = ["explore", "hold_session", "open_cluster", "open_comparison", "open_inputs", "open_inspection", "open_progress",
           "open_province", "open_registration"]


def __getattr__(name: str):
    if name not in _ROOMS:
        raise AttributeError(f"ctd_analysis has no {name!r}")
    return getattr(import_module(f"{__name__}.pages.{_ROOMS[name]}"), name)

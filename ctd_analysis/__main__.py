"""The command `ctd` as a process of its own; `python -m ctd_analysis` is the same."""

import gc
import os
import sys


def command() -> int:
    """Run one verb, with the settings that suit a short life; the exit code."""
    _open_streams()
    gc.set_threshold(50_000)    # looking for garbage every 700 new objects takes an eighth of the time libraries need to load
    sys.setswitchinterval(0.0005)       # a thread that only passes a kernel's words on is not kept waiting by one that computes
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")      # no matrix here needs a thread a core, in each of the processes
    try:
        import signal
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:       # not where the caller wants it ignored
            signal.signal(signal.SIGINT, _stop)
        from .cli import main
        code = main()
    except KeyboardInterrupt:
        _say_stopped()
        code = 130
    exec("")        # noqa: S102 - Python remembers an interruption that struck in one (of a dataclass, say) until the next
    gc.freeze()                 # nothing is tidied up in a process that ends
    return code


def _stop(_number, frame) -> None:
    """Ctrl-C: raised as Python does it, but not inside an import.

    There Python may swallow it with the lock of all imports held, and whatever loads next waits for ever. Nothing is written
    while the main thread imports: the process ends at once.
    """
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            _say_stopped()
            os._exit(130)
        frame = frame.f_back
    raise KeyboardInterrupt


def _say_stopped() -> None:
    try:
        os.write(2, "Đã dừng theo yêu cầu; không có trang nào ghi dở.\n".encode())
    except OSError:             # nobody there
        pass


def _open_streams() -> None:
    """Standard streams that the caller has closed lead nowhere: else the next files opened would take their numbers."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)        # the lowest free number, this one
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


if __name__ == "__main__":
    sys.exit(command())

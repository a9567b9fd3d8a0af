"""`ctd decide`: a decision of the Council, or a change of the rules, tried first, recorded when asked (year-round §1.3)."""

from __future__ import annotations

from pathlib import Path

from ..problems import Refused, why
from ..terms import DECISIONS
from .shared import UNDONE, CallError, begin, newest_year, report, say, show, tell_refused, write_json


def decide(options) -> int:
    """Preview a row and who moves; append it with `--record`."""
    if options.take is not None:
        return _take(options)
    asked, folder = _asked(options)
    reading = begin(folder)
    from ..answers import deciding
    from ..answers.appraisal import appraise
    year = reading()
    stated = {"reason": options.reason, "document": options.document, "decided_on": options.on}
    table = "decisions" if options.rule is None else "amendments"
    return _tell(options, appraise(year), {table: [deciding.Asked({**asked, **stated})]})


def _take(options) -> int:
    """The rows of a form that are not recorded yet, all of them or none."""
    if len(options.words) > 1 or options.rule is not None:
        raise CallError("--take chỉ cần tệp và thư mục của năm (xem: ctd decide --help)")
    reading = begin(options.words[0] if options.words else newest_year())
    from ..answers import deciding
    from ..answers.appraisal import appraise
    from ..forms import session
    year = reading()
    try:
        typed = list(session.read(Path(options.take)))
    except Refused as refused:
        return tell_refused(refused, UNDONE)
    new = {table: deciding.new_only(year, table, [deciding.Asked(cells, at, where) for name, cells, at, where in typed
                                                  if name == table]) for table in session.SHEETS}
    if known := len(typed) - sum(map(len, new.values())):
        say(f"{known} dòng trong {Path(options.take).name} đã ghi từ trước, không ghi lại.")
    if not any(new.values()):
        say("Không còn dòng nào mới để ghi.")
        return 1
    return _tell(options, appraise(year), new)


def _tell(options, base, rows) -> int:
    """The rows tried and told, recorded where asked; why one cannot stand."""
    from ..answers import deciding
    try:
        found = deciding.preview(base, **rows)
        if options.json != "-":
            _show(found)
        if options.record:
            found.record()
    except Refused as refused:
        return tell_refused(refused, UNDONE)
    except OSError as error:
        raise CallError(f"không ghi được vào “{base.year.path}” ({why(error)}); tệp cũ còn nguyên") from None
    if options.json:
        write_json(options.json, deciding.as_json(found, options.record))
    if options.json != "-":
        files = ", ".join(str(one.path) for one in found.files)
        show(f"Đã ghi vào {files}." if options.record else "Mới xem trước; thêm --record để ghi.")
    return report(base.year, ())


_WITHOUT_VALUE = {*DECISIONS} - {"waive", "class", "prize", "withdraw"}


def _asked(options) -> tuple[dict[str, str], str]:
    """What is to be recorded, as typed, and the year's folder."""
    from ..year.council import DECISION_WORDS
    if options.rule is not None:
        key, sign, value = (part.strip() for part in options.rule.partition("="))
        if not sign or not key:
            raise CallError(f"--rule cần dạng KHÓA=GIÁ_TRỊ, ví dụ class.excellent.min_a=40; thấy “{options.rule}”")
        rest, asked = options.words, {"key": key, "value": value}
    else:
        if len(options.words) < 2:
            raise CallError("cần đơn vị và quyết định, hoặc --rule KHÓA=GIÁ_TRỊ (xem: ctd decide --help)")
        unit, decision, *rest = options.words
        asked = {"unit": unit, "decision": decision, "value": ""}
        if DECISION_WORDS.get(decision.casefold(), decision) not in _WITHOUT_VALUE and rest:
            asked["value"], *rest = rest
    if len(rest) > 1:
        raise CallError(f"không hiểu “{' '.join(rest[1:])}” (xem: ctd decide --help)")
    return asked, rest[0] if rest else newest_year()


def _show(found) -> None:
    """The rows, who moves, and what is to be noticed."""
    from ..tables import printed
    from ..tables import what_if as tables
    for table, row in found.rows:
        show(f"Dòng thêm vào {table}.csv:")
        for column, cell in row.items():
            show(f"  {column}: {cell or '–'}")
    show("")
    show(printed.plain(tables.moves(found.base, found.other)) if found.moved else "Không làm đơn vị nào đổi.")
    for one in found.remarks:
        say(f"Lưu ý: {one.message}")

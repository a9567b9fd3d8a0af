"""Words in headings: what a column, a row or a line says it is, however the office words it.

Compared without tone marks and signs (`fold`), since headings are the sender's own; units, grades and numbers never are. A word
that can mean two things keeps both meanings; the table it stands in decides (`layouts`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from ..office.grid import Cell
from ..plan.rulebook import Rulebook
from ..values import TICKS, as_letter, plain

SELF, CLUSTER, APPRAISED = "self", "cluster", "appraised"
TARGET, ACTUAL, PERCENT, ACTUAL_OF_TARGET, TARGET_OF_ACTUAL = "target", "actual", "percent", "actual/target", "target/actual"

_STAGES = (
    (APPRAISED, r"tham dinh|phuc tra|(tinh|hoi dong|doan)( hoi)?( kiem tra)? (cham|danh gia)|cap tinh cham"),
    (SELF, r"tu (cham|danh gia|xep)|don vi( tu)? cham|huyen( hoi)? cham|co so cham"),
    (CLUSTER, r"cum.*(cham|diem|danh gia|thong nhat|ket qua)|^cum$"
              r"|(cham|diem|danh gia|ket qua|y kien)( thi dua)?( cua)? cum( thi dua)?( so)?( \d+)?$"))
_COLUMNS = {
    "order": r"stt|tt|so tt|so thu tu|thu tu|no|ma so|so",
    "criterion_no": r"tc|so tc|(so|ma)( hieu)? tieu chi|tieu chi so|ma tc|(stt|tt|so tt|so thu tu) (tieu chi|tc)|tc so",
    "title": r"(ten )?(cac )?(noi dung|(nhom )?tieu chi|hang muc|chi tieu|nhiem vu)"
             r"( (va|thi dua|tieu chi|chi tieu|cham diem|danh gia|cu the|noi dung|cong viec|thuc hien|cong tac|ten|nam \d+))*",
    "measure": r"dvt|don vi tinh|d v t|don vi do|dv tinh|don vi tinh \w+",
    "unit": r"(ten )?(cac )?(don vi|huyen thanh( hoi| pho)?|huyen|huyen hoi|hoi ctd huyen( thanh pho)?)"
            r"( thi dua| trong cum)?|huyen tp|thuoc (don vi|huyen)",
    "branch": r"(ten )?(cac )?(hoi (ctd |chu thap do )?|to chuc hoi |don vi |chi hoi )?co so( hoi| ctd)?|co so hoi|ten hoi"
              r"|(ten )?(hoi (ctd |chu thap do )?)?(cap )?(xa|phuong|thi tran|dac khu)( (xa|phuong|thi tran|dac khu))*"
              r"|hoi co so (xa|phuong).*",
    "rating": r"(ket qua )?(xep loai|phan loai|loai|danh gia xep loai)( nam)?( \d+)?( hoi co so| co so| thi dua)?|xep loai.*",
    "fund": r"(so du |muc |so tien )?quy( hoi| co so| cua| hien co| nam| den| \d+)*( (dong|trieu|nghin|ty|vnd|trd).*)?|so du.*",
    "note": r"ghi chu|nhan xet( .*)?|ly do|dien giai",
    "scale": r"(muc )?diem (toi da|chuan.*|quy dinh|cao nhat|san|thang)|thang diem|he so|trong so",
    "deadline": r"thoi han( .*)?|han( (nop|nhan|gui|cuoi|chot)( .*)?)?|phai nhan truoc.*|truoc ngay.*",
    "ignored": r"diem (toi da|chuan.*|quy dinh|thuong|tru|thang|cao nhat|san)|thang diem|he so|trong so|minh chung|nguoi .*"
               r"|(don vi |ban )?phu trach|van ban.*|so van ban|thoi gian.*|muc diem toi da|hinh thuc.*|tai lieu.*|yeu cau.*"
               r"|dieu khoan|thoi han( .*)?|han( (nop|nhan|gui|cuoi|chot)( .*)?)?|phai nhan truoc.*|truoc ngay.*",
    "whole_cluster": r"(toan|ca) cum",
    "total": r"(toan|ca) cum|"
             r"(tong|cong(?! (hoa|tac|trinh|dong|viec|van|khai|bo)))( .*)?|so (diem|tieu chi|muc)( .*)?|dem.*|(xep |thu )?hang"
             r"|binh quan.*|trung binh cong.*|(diem|so|so luong) [abc]|xep loai (cum |don vi )?(de nghi|tu xep).*|chua cham.*",
    "filing_title": r"(ten |loai |danh muc |cac loai )?(ho so|van ban|tai lieu|bao cao)( thi dua| phai nop| phai gui)?",
    "received": r"ngay (nhan|nop|gui|den|tiep nhan)( .*)?|(thoi gian|ngay thang) (nhan|nop|gui)( .*)?|da nhan( .*)?",
    "grade": r"(muc )?diem( dat| dat duoc| so| cham| thi dua)?|ket qua( cham)?( diem)?|muc( dat)?|danh gia|xep loai"
             r"|ket qua dat duoc|cham diem",
}
#: All of them at once: which groups are filled says which kinds a text is.
_KINDS = "".join(rf"(?:(?=(?P<{kind}>{words})\Z))?" for kind, words in _COLUMNS.items()) + ".*"
_ROLES = {
    TARGET: r"((chi tieu|so|muc) dang ky|chi tieu|ke hoach|kh|muc tieu|nghi quyet|ct|dang ky)( (duoc )?giao| nam"
            r"| dau nam| de ra| ke hoach| phan dau| nghi quyet| duoc phan bo| \d+)*|duoc giao|giao|so giao|ctg|kh giao",
    ACTUAL: r"(uoc )?(ket qua )?(thuc hien|th|dat duoc|da thuc hien|thuc te|ket qua|da dat|dat|so thuc hien)"
            r"( duoc| dat duoc| nam| \d+| ca nam| den .*)*|(ket qua )?(thuc hien |th )?((6|9|sau|chin) thang|quy) .*",
    PERCENT: r"(ty le|ti le|tl|phan tram|muc do)?( dat| hoan thanh| thuc hien| so sanh)*( %| phan tram)?|%.*"
             r"|(ty le|ti le|dat ty le).*|dat %|so sanh.*|th kh %?|% ?th ?kh",
}
#: Each indicator's words; the second pattern says what it is not.
_INDICATORS = {
    "repeat_donors": (r"nhac lai", None),
    "organ_registrations": (r"hien (mo|tang|xac|mo tang)|mo tang", None),
    "blood_units": (r"hien mau|don vi mau", r"nhac lai|ban chi dao|cau lac bo"),
    "humanitarian_month": (r"thang nhan dao", None),
    "humanitarian_address": (r"dia chi nhan dao", None),
    "tet_nhan_ai": (r"tet nhan ai", None),
    "good_people_good_deeds": (r"nguoi tot", None),
    "first_aid_classes": (r"so cap cuu", r"diem chot|hoi thi"),
    "operations_classes": (r"(lop|tap huan|huan luyen).*nghiep vu|nghiep vu.*(lop|tap huan)",
                           r"so cap cuu|^cu | cu can bo|can bo.*tinh"),
    "cadres_sent": (r"can bo.*(tap huan|tinh)|cu.*tap huan", r"mo lop"),
    "unit_fund": (r"quy (hoi )?.*(huyen|thanh pho|don vi|thanh hoi)|^(so du )?quy hoi$|quy hoi cap",
                  r"co so|cap xa|cuu tro|hoi phi"),
    "resources": (r"nguon luc", r"thang nhan dao"),
    "dues": (r"hoi phi", r"quy"),
    "member_growth": (r"(phat trien|ket nap|so).*hoi vien|hoi vien (moi|phat trien)",
                      r"hoi phi|tap huan|cap nhat|the hoi vien|tong so hoi vien|hoi vien hien co"),
    "reporting": (r"(che do|thong tin).*bao cao|bao cao.*(dung|thong tin)", None),
    "converted": (r"quy doi", None),
}
_FILINGS = {
    "registration": r"(bang |van ban |giay |ban )?dang ky( giao uoc)?( thi dua)?( nam)?( \d+)?",
    "plan": r"ke hoach( phat dong)?( thi dua| phong trao)*( nam)?( \d+)?",
    "self_scores": r"(bang |bieu |phieu )?(diem )?tu cham( diem)?( thi dua)?( nam)?( \d+)?",
    "annual_report": r"bao cao( tong ket| cong tac)*( cuoi)?( nam| cuoi nam| thanh tich)?( \d+)?",
}
_REPORT = re.compile(r"bao cao(?: cong tac| ket qua)?(?: thang (?P<month>\d{1,2})| quy (?P<quarter>i{1,3}|iv|[1-4])|"
                     r" (?:6|sau) thang(?: (?P<half>dau|cuoi)(?: nam)?)?)(?: nam)?(?: (?P<year>\d{4}))?")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONEY = {10**9: r"ty|ti|ty dong|ti dong|ty vnd",
          10**6: r"tr|trd|tr d|trieu|trieu dong|tr dong|trieu vnd|trieu d",
          10**3: r"nghin|ngan|nghin dong|ngan dong|1000 ?d(ong)?|1 000 ?d(ong)?|nghin d|ngan d|1000 vnd|ngd|ng d|nghin vnd",
          1: r"dong|d|vnd|vn d|dong vn|viet nam dong|vnd dong"}
_RATED = {"xuat sac": "Xuất sắc", "xs": "Xuất sắc", "kha": "Khá", "trung binh": "Trung bình", "tb": "Trung bình", "yeu": "Yếu"}
_PEOPLE = re.compile(r"ten$|ho (va |, ?)?(ten|chu dem)|(ten )?(hoc vien|hoi vien|tinh nguyen vien|nguoi hien mau)|"
                     r"ngay( thang)?( nam)? sinh|nam sinh|(so )?dien thoai|sdt|nhom mau|(so )?(cccd|cmnd|can cuoc)|"
                     r"gioi tinh|que quan")
#: What a heading says of another day, another hand or a part of the year; each gives way to its better.
_ASIDE = (r"(dau (nam|ky)|(01|1) 0?1|nam truoc|ky truoc|cung ky)\b(?!.*cuoi)",
          r"\b(tu xep|tu danh gia|tu cham|co so xep|de nghi)\b",
          r"\b(6|9|sau|chin|3|ba) thang\b|\bquy (i|ii|iii|[123])\b|\bgiua nam\b")


_MARKS = re.compile("[\u0300-\u036f]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Small plain letters and digits with single blanks between: “Tự\\nchấm:” → `tu cham`."""
    apart = unicodedata.normalize("NFD", plain(text).casefold().replace("đ", "d").replace("ð", "d").replace("₫", "d"))
    return " ".join(re.findall(r"[a-z0-9%]+", _MARKS.sub("", apart)))


@lru_cache(maxsize=8192)
def meanings(text: str) -> dict:
    """All that a heading can mean: column kinds, stage, role, filing, grade letter."""
    if len(text) > 200:
        return {}
    said, found = fold(text), {}
    if not said or len(said) > 90:
        return {"percent": PERCENT} if plain(text) == "%" else found
    found |= {kind: True for kind, is_said in _pattern(_KINDS).fullmatch(said).groupdict().items() if is_said}
    if stage := stage_of(said):
        found["stage"] = stage
    if role := role_of(text):
        found["role"] = role
    if filing := filing_of(said):
        found["filing"] = filing
    if said in _RATED:
        found["rated"] = _RATED[said]
    if named := "KAD" if said == "khong ap dung" else as_letter(text):
        found["letter"] = named
    return found


def is_filled(cell: Cell | None) -> bool:
    """Is there more in a cell than blanks?"""
    return cell is not None and (cell.kind != "t" or bool(plain(cell.value)))


def is_grade_like(cell: Cell) -> bool:
    """A letter A, B, C, KAD or a tick."""
    return cell.kind == "t" and (bool(as_letter(cell.value)) or plain(cell.value) in TICKS)


def is_of_people(text: str) -> bool:
    """Does a heading say the rows are people: names, birthdays, telephones, blood groups?"""
    return _PEOPLE.match(fold(text)) is not None


def calls_criteria(text: str) -> bool:
    """Does a heading call what its column holds criteria?"""
    return re.search(r"\b(tieu chi|tc)\b", fold(text)) is not None


def is_of_another_year(text: str, year: int) -> bool:
    """Does a heading name a year, and not this one?"""
    named = set(re.findall(r"\b(20\d\d|19\d\d)\b", fold(text)))
    return bool(named) and str(year) not in named


def is_aside(text: str) -> bool:
    """Does a heading say it is of another day, another hand or a part of the year?"""
    return any(re.search(words, fold(text)) for words in _ASIDE)


def is_part_of_year(text: str) -> bool:
    """Half a year's results, a quarter's: never the year's."""
    return re.search(_ASIDE[2], fold(text)) is not None


def stages_in(text: str) -> set[str]:
    """Every round of grading a line names."""
    said = fold(text)
    return {stage for stage, words in _STAGES if _pattern(words).search(said)}


def stage_of(text: str) -> str | None:
    """The one round of grading a heading names; none where it names two."""
    found = stages_in(text)
    return found.pop() if len(found) == 1 else None


def role_of(text: str) -> str | None:
    """Target, actual, per cent, or two in one cell in the order named; a unit of measure in brackets is no part of it."""
    typed = plain(text)
    bare = re.sub(r"\([^)]*\)", " ", typed)
    if re.search(r"\(\s*%\s*\)", typed):
        return PERCENT
    halves = [next((r for r in (TARGET, ACTUAL) if _whole(_ROLES[r], fold(half))), None) for half in bare.split("/")]
    if len(halves) == 2 and None not in halves and halves[0] != halves[1]:
        return "/".join(halves)
    said = fold(bare)
    return next((role for role in (TARGET, ACTUAL, PERCENT) if said and _whole(_ROLES[role], said)), None)


def filing_of(said: str) -> str | None:
    """The filing a heading names."""
    return next((id for id, words in _FILINGS.items() if _whole(words, said)), None)


def indicators_of(text: str, book: Rulebook) -> list[str]:
    """The indicators a label can mean: one, if it is any good. Those that offices have no words for go by their own labels."""
    said, labels = fold(text), {id: fold(one.label) for id, one in book.indicators.items()}
    new = {id: label for id, label in labels.items() if id not in _INDICATORS}
    exact = [id for id, label in labels.items() if said in (label, fold(id))] or \
        [id for id, label in new.items() if label in (_bare(text), re.sub(r"^(\d+|[a-z]|[ivx]+) ", "", _bare(text)))]
    return exact or [id for id, label in new.items() if {*label.split()} <= {*said.split()}] + \
        [id for id, (words, never) in _INDICATORS.items() if id in labels
         and _pattern(words).search(said) and not (never and _pattern(never).search(said))]


def filing_label(text: str, labels: Mapping[str, object]) -> str | None:
    """The filing a row or column is about, by the rule book's label or the words offices use."""
    said, bare = fold(text), _bare(text)
    exact = next((id for id, one in labels.items() if {said, bare} & {fold(one.label), fold(id)}), None)
    return exact or next((id for id in (filing_of(said), filing_of(bare)) if id in labels), None)


def _bare(text: str) -> str:
    return fold(re.sub(r"\([^)]*\)", "", text))


def report_label(text: str, year: int) -> str | None:
    """The report of part of this year a row or column is about (III.1), by the name filings give it."""
    said = _REPORT.fullmatch(fold(text))
    if not said or said["year"] not in (None, str(year)):
        return None
    if said["month"]:
        part = f"{int(said['month']):02}"
    elif said["quarter"]:
        part = f"q{_QUARTERS.get(said['quarter'], said['quarter'])}"
    else:
        part = "h2" if said["half"] == "cuoi" else "h1"
    return f"report-{year}-{part}"


@lru_cache(maxsize=1024)
def money_scale(text: str) -> int | None:
    """How many đồng one of a unit of money is: `triệu đồng` → 1,000,000; None where it is no money."""
    said = fold(text)
    return next((scale for scale, words in _MONEY.items() if _whole(words, said)), None)


def measure_in(text: str) -> str | None:
    """The unit of measure a heading or a line gives: in brackets, or after “ĐVT:”."""
    typed = plain(text)
    if found := re.search(r"(?:đvt|đơn vị tính)\s*[:\-–]?\s*([^);,]+)", typed, re.IGNORECASE):
        return found[1].strip(" .")
    for found in (re.search(r"đơn vị\s*:\s*([^);,]+)", typed, re.IGNORECASE), re.search(r"\(([^()]*)\)\s*$", typed)):
        if found and money_scale(found[1]):
            return found[1].strip(" .")
    return None


@lru_cache(maxsize=4096)
def criterion_in(text: str) -> int | None:
    """The number in `7`, `7.`, `(7)`, `TC 7`, `Tiêu chí số 07`; None for anything else."""
    found = re.fullmatch(r"(?:(?:tc|tieu chi)\s*(?:so)?\s*)?0*([0-9]{1,3})", fold(text))
    return int(found[1]) if found and not re.search(r"[/,%+\-–]|\d\.\d", plain(text)) else None


def number_in(cell: Cell | None) -> int | None:
    """A criterion's number as a cell has it, right or wrong."""
    if cell is None:
        return None
    return cell.whole if cell.kind == "n" else criterion_in(cell.value) if cell.kind == "t" else None


def is_roman(text: str) -> bool:
    """A Roman number alone, as areas and bands have it: `IV`, `iv.`."""
    return re.fullmatch(r"[IVXivx]{1,5}\.?", plain(text)) is not None


def is_letter_row(cells: list[Cell]) -> bool:
    """`A B C A B C`: the columns to be ticked."""
    letters = [as_letter(cell.text) for cell in cells]
    return all(letters) and letters[:3] == ["A", "B", "C"]


def is_code(cell: Cell) -> bool:
    """A code of a column, as forms have them in a row under the head: A, (1), 1=(2+3)."""
    typed = plain(cell.text)
    return cell.kind in ("n", "t", "f") and bool(
        re.fullmatch(r"[(\[]?(?:[A-Za-zĐđ]|\d{1,3})[)\]]?(?:\s*=\s*[\d()\[\]+\-*/:x×%=, ]+)?", typed))


def _whole(words: str, said: str) -> bool:
    return _pattern(words).fullmatch(said) is not None


@lru_cache(maxsize=None)
def _pattern(words: str) -> re.Pattern:
    """Made when it is first asked for, and found at once ever after (`re` looks for it twice as long as it matches)."""
    return re.compile(words)

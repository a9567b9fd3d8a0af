"""Files that are broken or mean harm, made when asked for: name, bytes, and what the refusal must speak of."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import xlsxwriter

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
ODS = "application/vnd.oasis.opendocument.spreadsheet"
TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
         '<Default Extension="xml" ContentType="application/xml"/></Types>')
RELS = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>")
BOOK = ('<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
BOOK_RELS = RELS.replace("officeDocument\" Target=\"xl/workbook.xml", "worksheet\" Target=\"worksheets/sheet1.xml")


def zipped(parts: dict[str, str | bytes], level: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of some parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", level) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def minimal(sheet: str | bytes, **more) -> bytes:
    """The smallest .xlsx, with this sheet."""
    return zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "xl/workbook.xml": BOOK,
                   "xl/_rels/workbook.xml.rels": BOOK_RELS, "xl/worksheets/sheet1.xml": sheet, **more})


def sheet(rows: str, head: str = "") -> str:
    """A sheet's XML."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'


def _saved(fill) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": True})
    fill(book)
    book.close()
    return buffer.getvalue()


def _corners(book):
    page = book.add_worksheet()
    page.write("A1", "STT")
    page.write("XFD1048576", "A")


def _circular(book):
    page = book.add_worksheet()
    page.write_formula("A1", "=B1")
    page.write_formula("B1", "=A1")


def _hundred(book):
    for n in range(100):
        book.add_worksheet(f"S{n}").write(0, 0, n)


def files() -> Iterator[tuple[str, Callable[[], bytes], str]]:
    """Each hostile file: its name, how it is made, a word the refusal must hold."""
    plain = _saved(lambda book: book.add_worksheet().write("A1", "x"))
    yield "empty.xlsx", lambda: b"", "rỗng"
    yield "zeros.xlsx", lambda: b"\0" * 5000, "rỗng"
    yield "truncated.xlsx", lambda: plain[:len(plain) // 2], "hỏng"
    yield "truncated-end.xlsx", lambda: plain[:-30], "hỏng"
    yield "flipped.xlsx", lambda: bytes(b ^ 0x55 if 200 < i < 400 else b for i, b in enumerate(plain)), ""
    yield "noise.xlsx", lambda: bytes((i * 37) % 256 for i in range(20000)), "bên trong"
    yield "html.xls", lambda: "<html><body><table><tr><td>Điểm</td></tr></table></body></html>".encode(), "HTML"
    yield "csv.xls", lambda: "STT;Tiêu chí;Điểm\n1;x;A\n".encode(), "CSV"
    yield "csv.xlsx", lambda: "STT,Tiêu chí\n1,A\n".encode("utf-16"), "CSV"
    yield "xml.xls", lambda: b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML"
    yield "xlsx-called.xls", lambda: plain, ".xlsx"
    yield "xlsx-called.ods", lambda: plain, ".xlsx"
    yield "zip.xlsx", lambda: zipped({"readme.txt": "không phải bảng tính"}), "tệp nén"
    yield "binary.xlsx", lambda: zipped({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"\0"}), "xlsb"
    yield "password.xlsx", lambda: OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900, "mật khẩu"
    yield "word.xls", lambda: OLE + "WordDocument".encode("utf-16-le") + b"\0" * 900, "không phải"
    yield "ole.xls", lambda: OLE + "Workbook\0".encode("utf-16-le") + b"\xff" * 4000, "hỏng"
    yield "locked.ods", lambda: zipped({"mimetype": ODS, "content.xml": b"\x01\x02",
                                "META-INF/manifest.xml": "<manifest:encryption-data/>"}), "mật khẩu"
    yield "bomb.xlsx", lambda: minimal(sheet("<row>" + " " * 130_000_000 + "</row>")), "lớn"
    yield "bomb-many.xlsx", lambda: minimal(sheet(""), **{f"xl/media/{n}.xml": b"\0" * 9_000_000 for n in range(20)}), "lớn"
    yield "bomb.ods", lambda: zipped({"mimetype": ODS, "content.xml": " " * 150_000_000}), "lớn"
    yield "entries.xlsx", lambda: zipped({f"xl/{n}.xml": "" for n in range(5000)}), "phần"
    yield "liar.xlsx", lambda: _liar(), ""
    yield "xxe.xlsx", lambda: minimal(sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row>',
                                    '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>')), "DOCTYPE"
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "laughs.xlsx", \
        lambda: minimal(sheet('<row r="1"><c r="A1"><v>&l9;</v></c></row>', f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]>')), \
        "DOCTYPE"
    yield "laughs.ods", lambda: zipped({"mimetype": ODS, "content.xml":
                                f'<!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]><a>&l9;</a>'}), "DOCTYPE"
    yield "million-rows.xlsx", lambda: minimal(sheet("".join(f'<row r="{n}"/>' for n in range(1, 1_048_577)))), "không nhận ra"
    yield "corners.xlsx", lambda: _saved(_corners), "không nhận ra"
    yield "merged-all.xlsx", lambda: minimal(sheet('<row r="1"><c r="A1"><v>1</v></c></row>').replace(
        "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')), "không nhận ra"
    yield "circular.xlsx", lambda: _saved(_circular), "không nhận ra"
    yield "hundred.xlsx", lambda: _saved(_hundred), "không nhận ra"
    cells = "".join(f'<c r="{c}{{0}}"><v>1</v></c>' for c in ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J"))
    yield "many-cells.xlsx", \
        lambda: minimal(sheet("".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, 60_000)))), "nhiều ô"
    yield "long-text.xlsx", \
        lambda: minimal(sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"STT " * 400_000}</t></is></c></row>')), ""
    yield "bad-index.xlsx", lambda: minimal(sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>')), "hỏng"
    yield "bad-number.xlsx", lambda: minimal(sheet('<row r="1"><c r="A1"><v>một</v></c></row>')), "hỏng"
    yield "no-sheet.xlsx", \
        lambda: zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS, "xl/workbook.xml": "<workbook/>"}), "trang"
    yield "deep.xlsx", lambda: minimal(sheet("<a>" * 200_000 + "</a>" * 200_000)), ""
    yield "repeats.ods", lambda: zipped({"mimetype": ODS, "content.xml": _repeats()}), "lặp"
    yield "nan.xlsx", \
        lambda: minimal(sheet('<row r="1"><c r="A1"><v>NaN</v></c><c r="B1"><v>1e999</v></c></row>')), "không nhận ra"


def _repeats() -> str:
    spaces = "".join(f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="1000">'
    return (f'<office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="S"><table:table-row '
            f'table:number-rows-repeated="1000000">{cell}'
            "<text:p>A</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet></office:body>"
            "</office:document-content>")


def _liar() -> bytes:
    """An archive whose directory says a part is small and whose part is not."""
    bodies, entries = b"", b""
    for name, packed, method, size in ((b"xl/workbook.xml", zlib.compress(b" " * 80_000_000)[2:-4], 8, 100),
                                       (b"[Content_Types].xml", b"", 0, 0)):
        known = (20, 0, method, 0, 0, 0, len(packed), size, len(name), 0)
        entries += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, *known, 0, 0, 0, 0, len(bodies)) + name
        bodies += struct.pack("<IHHHHHIIIHH", 0x04034B50, *known) + name + packed
    return bodies + entries + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 2, 2, len(entries), len(bodies), 0)


def heavy() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    """What a small workbook may gain so that it reads well and cannot be copied; each changes the parts of a plain one."""
    blank, nested = sheet(""), [f"A1:CV{n}" for n in range(2, 20_000)]
    yield "merged-all", lambda raw: with_sheets(raw, [merged(blank, ["A1:XFD1048576"])])
    yield "nested-merges", lambda raw: with_sheets(raw, [merged(blank, nested)])
    said = "".join(f'<comment ref="A{n}" authorId="0"><text><t>x</t></text></comment>' for n in range(1, 100_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    comments = {"xl/worksheets/_rels/more0.xml.rels": BOOK_RELS.replace("/worksheet\"", "/comments\"").replace(
                    "worksheets/sheet1.xml", "../comments9.xml"),
                "xl/comments9.xml": f'<comments xmlns="{space}"><authors><author>x</author></authors><commentList>{said}'
                                    "</commentList></comments>"}
    yield "comments", lambda raw: with_sheets(raw, [blank], comments)
    yield "sheets", lambda raw: with_sheets(raw, [blank] * 2_900)


def merged(xml: str, ranges) -> str:
    """A sheet's XML with merged cells."""
    cells = "".join(f'<mergeCell ref="{one}"/>' for one in ranges)
    return xml.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>")


def with_sheets(raw: bytes, sheets: list[str], more: dict[str, str] | None = None) -> bytes:
    """A workbook with more sheets after its own, as XML."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts: dict = {name: archive.read(name) for name in archive.namelist()}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    here = {"[Content_Types].xml": ("</Types>", '<Override PartName="/xl/worksheets/more{0}.xml" ContentType="' + kind + '"/>'),
            "xl/_rels/workbook.xml.rels": ("</Relationships>", '<Relationship Id="more{0}" Target="worksheets/more{0}.xml" '
                                           f'Type="{office}/worksheet"/>'),
            "xl/workbook.xml": ("</sheets>", f'<sheet xmlns:r="{office}" ' 'name="More{0}" sheetId="{1}" r:id="more{0}"/>')}
    for name, (end, one) in here.items():
        lines = "".join(one.format(n, n + 100) for n in range(len(sheets)))
        parts[name] = parts[name].decode().replace(end, lines + end)
    return zipped(parts | {f"xl/worksheets/more{n}.xml": xml for n, xml in enumerate(sheets)} | (more or {}))


def harmless() -> Iterator[tuple[str, str]]:
    """Parts that may lie in an otherwise valid workbook, and what the notice must say."""
    yield "xl/vbaProject.bin", "macro"
    yield "xl/media/image1.png", "hình ảnh"
    yield "xl/charts/chart1.xml", "biểu đồ"
    yield "xl/pivotTables/pivotTable1.xml", "pivot"
    yield "xl/externalLinks/externalLink1.xml", "liên kết"
    yield "xl/connections.xml", "kết nối"


def with_part(raw: bytes, name: str) -> bytes:
    """A workbook with one part more."""
    buffer = io.BytesIO(raw)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"\x89PNG")
    return buffer.getvalue()


"""Said in rows, columns and drawings, for a page, a workbook or a console."""

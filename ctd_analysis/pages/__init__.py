"""What a reader opens: the notebooks' pages, the workbook of results, the minutes, the page to try things on."""

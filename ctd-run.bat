@echo off
rem By a double click (Windows): what "py tasks.py run" does, then the index opens in the browser.
chcp 65001 >nul
cd /d "%~dp0"
set PYTHONUTF8=1

set CTD_PYTHON=py -3
%CTD_PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 goto found
set CTD_PYTHON=python
%CTD_PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul
if not errorlevel 1 goto found

echo Máy này chưa có Python 3.11 trở lên.
echo Hãy tải và cài Python từ trang python.org (mục Downloads, Windows installer),
echo nhớ đánh dấu ô "Add python.exe to PATH", rồi bấm đúp lại tệp này.
echo Hướng dẫn: docs\cai-dat.md.
pause
exit /b 2

:found
%CTD_PYTHON% tasks.py open %*
set CTD_CODE=%errorlevel%
echo.
echo Nhấn một phím để đóng cửa sổ này.
pause >nul
exit /b %CTD_CODE%

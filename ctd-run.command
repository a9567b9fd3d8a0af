#!/bin/sh
# By a double click (macOS, Linux): what "python3 tasks.py run" does, then the index opens in the browser.
cd "$(dirname "$0")" || exit 2

wait_and_leave() {
    if [ -t 0 ]; then
        printf 'Nhấn Enter để đóng cửa sổ này. '
        read -r _
    fi
    exit "$1"
}

for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$python" tasks.py open "$@"
        wait_and_leave $?
    fi
done

echo 'Máy này chưa có Python 3.11 trở lên.'
echo 'Hãy tải và cài Python từ trang python.org (mục Downloads), rồi bấm đúp lại tệp này.'
echo 'Hướng dẫn: docs/cai-dat.md.'
wait_and_leave 2

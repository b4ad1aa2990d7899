#!/usr/bin/env bash
# What the compiler does not hold the sources to: their layers, their lengths, where unsafe code is,
# the list of errors, the SQL, the fuzz targets, and the documents.
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1
python3 test_lint.py
python3 layers.py
python3 lengths.py
python3 unsafe.py
python3 test_errors.py
python3 errors.py "${1:-pg_config}"
python3 ascii.py
python3 fuzz.py
python3 test_markdown.py
python3 markdown.py

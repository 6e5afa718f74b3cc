# Shared by run and test: makes .venv with what is asked for, once, and again when pyproject.toml changes.
# usage: extras=test; . scripts/_setup.sh
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
python=""
for candidate in python3.13 python3.12 python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "No Python 3.11 or newer found. Install it (Debian: apt install python3 python3-venv; mac: brew install python) and try again." >&2
    exit 2
fi
stamp=".venv/installed-$extras"
wanted=$(cat pyproject.toml)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "setting up .venv (once) ..." >&2
    [ -x .venv/bin/python ] || "$python" -m venv .venv || {
        echo "Could not make a virtual environment. On Debian: apt install python3-venv" >&2
        exit 2
    }
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[$extras]"
    printf '%s' "$wanted" > "$stamp"
fi

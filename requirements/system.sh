#!/bin/sh
# The few things pip cannot bring. Installed here when we are root on Debian or Ubuntu, otherwise named.
# BROWSER=1 asks for a browser too: the tests that drive one need it.
set -eu
PYTHON=${PYTHON:-python3}
missing=""
need() { missing="$missing $1"; }

command -v "$PYTHON" >/dev/null || need python3
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
"$PYTHON" - 2>/dev/null <<'PY' || need "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
import ctypes
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)
PY
[ -n "$(ls -A /usr/share/fonts 2>/dev/null)" ] || need fonts-dejavu-core
has() { command -v "$1" >/dev/null; }
if [ "${BROWSER:-}" ] && ! has chromium && ! has chromium-browser && ! has google-chrome; then need chromium; fi

[ "$missing" ] || exit 0
command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing what pip cannot bring:$missing"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $command >/dev/null
    exit 0
fi
echo "Missing on this machine:$missing"
echo "Install with: sudo $command"
case "$missing" in *python3*) exit 1 ;; esac
echo "Going on without: PDF reports say what they need, everything else works."

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
browser=""
if [ "${BROWSER:-}" ] && ! has chromium-headless-shell; then
    has chromium || has chromium-browser || has google-chrome || need chromium
    browser=" chromium-headless-shell"  # half the work of one with windows; not every distribution has it
fi

[ "$missing$browser" ] || exit 0
quiet="-qq -o Acquire::http::Timeout=15 -o Acquire::Retries=1"
command="apt-get install -y --no-install-recommends"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    echo "Installing what pip cannot bring:$missing$browser"
    apt-get update $quiet || [ ! "$missing" ]
    if [ "$browser" ] && $command $quiet$browser >/dev/null 2>&1; then missing=${missing% chromium}; fi
    [ ! "$missing" ] || $command$missing >/dev/null
    exit 0
fi
[ "$missing" ] || exit 0
echo "Missing on this machine:$missing"
echo "Install with: sudo $command$missing"
case "$missing" in *python3*) exit 1 ;; esac
echo "Going on without: PDF reports say what they need, everything else works."

#!/usr/bin/env bash
# Sees to a Chromium for the browser tests: installed where it is missing and we may (Debian, Ubuntu, as root).
# Where we may not, it says so and goes on; the test itself fails only when CI=true.
set -euo pipefail

for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing chromium for the browser tests"
  export DEBIAN_FRONTEND=noninteractive
  if apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium >/dev/null; then exit 0; fi
fi
echo "no Chromium here: the pages of diff are not opened in a browser (Debian: apt install chromium)" >&2

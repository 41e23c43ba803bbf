#!/bin/sh
# Puts the emulators into .local/aws, a private Python environment: MiniStack and moto, and everything they stand on, each
# pinned in requirements.txt. Needs python3 (3.10 or later) with venv.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .local/aws/bin/moto_server ] && cmp -s test/emulators/requirements.txt .local/aws/installed.txt; then
  echo "emulators are installed"
  exit 0
fi
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || {
  echo "The emulators need Python 3.10 or later with venv, and python3 here is not: nothing was shown on an emulator." >&2
  exit 1
}
rm -rf .local/aws
python3 -m venv .local/aws
.local/aws/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement test/emulators/requirements.txt || {
  rm -rf .local/aws
  echo "The emulators could not be installed with pip: nothing was shown on an emulator." >&2
  exit 1
}
cp test/emulators/requirements.txt .local/aws/installed.txt
echo "installed the emulators in .local/aws"

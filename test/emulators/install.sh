#!/bin/sh
# Puts the emulators of the tests into .local/aws, a private Python environment. Needs python3 (3.10 or later) with venv.
# requirements.txt pins moto[server] and everything it stands on.
set -eu
cd "$(dirname "$0")/../.."
if [ -x .local/aws/bin/moto_server ] && cmp -s test/emulators/requirements.txt .local/aws/installed.txt; then
  echo "emulators are installed"
  exit 0
fi
rm -rf .local/aws
python3 -m venv .local/aws
.local/aws/bin/pip install --quiet --disable-pip-version-check --requirement test/emulators/requirements.txt
cp test/emulators/requirements.txt .local/aws/installed.txt
echo "installed the emulators in .local/aws"

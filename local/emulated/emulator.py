"""The emulators as the local stage needs them: `emulator.py ministack`, or `emulator.py moto` with moto's own arguments.

- ministack: one-time schedules are looked at twice a second instead of every ten, by a clock that can be put forward: it
  runs as many seconds ahead as the file LEASTWISE_LOCAL_CLOCK says.
- moto: what IAM makes is dated thirty days back, since who was made today is too young to be right-sized.
"""

import os
import sys
import time


class ShiftedTime:
    """The module `time`, as many seconds ahead as a file says."""

    def __init__(self, file):
        self.file = file

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        with open(self.file, encoding="ascii") as ahead:
            return time.time() + float(ahead.read())


def ministack():
    import ministack.services.scheduler as scheduler
    from ministack.app import main

    scheduler.time = ShiftedTime(os.environ.pop("LEASTWISE_LOCAL_CLOCK"))
    scheduler._SCHEDULE_TICK_INTERVAL = 0.5
    main()


def moto():
    from datetime import timedelta

    import moto.iam.models as iam
    from moto.server import main

    now = iam.utcnow
    iam.utcnow = lambda: now() - timedelta(days=30)
    main()


# What is imported as `ministack` and `moto` must not be looked for beside this file.
sys.path.pop(0)
which = sys.argv.pop(1)
{"ministack": ministack, "moto": moto}[which]()

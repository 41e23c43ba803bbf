"""MiniStack as the local stage needs it.

- What IAM makes is dated thirty days back: who was made today is too young to be right-sized.
- One-time schedules are looked at twice a second instead of every ten, by a clock that can be put forward: it runs as
  many seconds ahead as the file LEASTWISE_LOCAL_CLOCK says.
"""

import os
import time

import ministack.services.iam as iam
import ministack.services.scheduler as scheduler
from ministack.app import main

CLOCK = os.environ.pop("LEASTWISE_LOCAL_CLOCK")


class ShiftedTime:
    """The module `time`, some seconds ahead."""

    def __getattr__(self, name):
        return getattr(time, name)

    def time(self):
        with open(CLOCK, encoding="ascii") as file:
            return time.time() + float(file.read())


iam._now = lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 30 * 86400))
scheduler.time = ShiftedTime()
scheduler._SCHEDULE_TICK_INTERVAL = 0.5

main()

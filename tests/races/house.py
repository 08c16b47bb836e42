"""The house in processes of its own, to be killed: `python -m tests.races.house worker|beat`.

Told by the environment: HOUSE_NOW at which moment its clock begins, HOUSE_SLOW how long it takes
over telling people, HOUSE_FLAG a file it writes when it begins to, HOUSE_BROKEN to keep on the
rows that people were told before they are (the control).
"""

import os
import sys
import time
from datetime import datetime, timedelta

import django

BEGAN = time.monotonic()


def travel() -> None:
    """Set the clock; it goes on from there."""
    from django.utils import timezone

    first = timezone.make_aware(datetime.fromisoformat(os.environ["HOUSE_NOW"]))
    timezone.now = lambda: first + timedelta(seconds=time.monotonic() - BEGAN)


def slow_down() -> None:
    """Take long over telling, so that one can be killed in the middle of it."""
    from deadlines.actions import reminding

    tell, seconds = reminding._tell, float(os.environ.get("HOUSE_SLOW", "0"))

    def tell_slowly(mine, today):
        tell(mine, today)
        if mine:
            open(os.environ["HOUSE_FLAG"], "a").close()
            time.sleep(seconds)

    reminding._tell = tell_slowly


def break_it() -> None:
    """Commit that it was said, and say it afterwards: what every naive sweep does."""
    from django.utils import timezone

    from congress.models import Congress
    from congress.tenancy import in_congress
    from deadlines import queries, tasks
    from deadlines.actions import reminding
    from deadlines.actions.counting import planner
    from deadlines.models import Deadline

    def remind(congress_id):
        today = timezone.localdate()
        congress = Congress.objects.get(pk=congress_id)
        with in_congress(congress):
            plan = planner()
            rows = list(
                queries.to_remind_of(Deadline.objects.all(), today).select_related(
                    "member", "to_unit"
                )
            )
            reminding._write_down(rows, rows, today, plan)
        if rows:
            open(os.environ["HOUSE_FLAG"], "a").close()
            time.sleep(float(os.environ.get("HOUSE_SLOW", "0")))
        with in_congress(congress):
            reminding._tell(reminding._whose(rows, today, plan), today)

    tasks.remind.run = remind


def main(role: str) -> None:
    django.setup()
    from congress.celery import app

    travel()
    app.loader.import_default_modules()
    from notices.actions import delivering

    delivering.INTERRUPTED_AFTER = timedelta(seconds=4)
    app.conf.beat_schedule = {
        "deadlines": {"task": "deadlines.sweep", "schedule": 0.5, "options": {"expires": 5}},
        "notices": {"task": "notices.sweep", "schedule": 0.5, "options": {"expires": 5}},
    }
    if os.environ.get("HOUSE_BROKEN"):
        break_it()
    else:
        slow_down()
    if role == "beat":
        app.start(["beat", "--loglevel", "ERROR", "--max-interval", "1"])
    app.worker_main(
        ["worker", "--loglevel", "ERROR", "--concurrency", "1", "--without-gossip",
         "--without-mingle", "--without-heartbeat"]
    )  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])

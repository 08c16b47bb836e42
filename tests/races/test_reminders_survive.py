"""Worker, beat and Redis are killed in the middle: nobody is forgotten, nobody told twice.

Real processes, ended by SIGKILL; the gateway they send to is a real server that counts.
"""

import datetime as dt
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from congress.models import Membership, Role, Unit, User
from congress.tenancy import in_congress
from deadlines import actions
from deadlines.models import Deadline
from deadlines.rules import Limit
from deadlines.rules import Unit as In
from notices.models import Channel, Delivery, Notice, Preference, Way
from tests import cast
from tests.notices.servers import sms_gateway
from tests.notices.stage import BODY

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True, databases=["default", "platform"]),
]
ROOT = Path(__file__).resolve().parent.parent.parent
PEOPLE = 12
NOW = "2026-03-16T09:00"  # a Monday
DUE = dt.date(2026, 3, 17)


class House:
    """Redis, beat and worker; each can be killed and started again."""

    def __init__(self, folder: Path, **more: str):
        self.folder, self.children = folder, {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.flag = folder / "telling"
        names = {"default": "DATABASE_URL", "platform": "DATABASE_PLATFORM_URL"}
        addresses = {
            variable: urlsplit(os.environ[variable])
            ._replace(path="/" + settings.DATABASES[alias]["NAME"])
            .geturl()
            for alias, variable in names.items()
        }
        self.environ = {
            **os.environ,
            **addresses,
            "REDIS_URL": f"redis://127.0.0.1:{self.port}/0",
            "BEAT_SCHEDULE": str(folder / "beat"),
            "OUTGOING_PRIVATE_HOSTS": "127.0.0.1",
            "HOUSE_NOW": NOW,
            "HOUSE_FLAG": str(self.flag),
            **more,
        }
        self.environ.pop("DATABASE_OWNER_URL", None)

    def start(self, *names: str) -> None:
        for name in names:
            command = [sys.executable, "-m", "tests.races.house", name]
            if name == "redis":
                command = [shutil.which("redis-server"), "--port", str(self.port), "--bind",
                           "127.0.0.1", "--dir", str(self.folder), "--appendonly", "yes",
                           "--save", ""]  # fmt: skip
            self.children[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environ,
                stdout=open(self.folder / f"{name}.log", "ab"),
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to the process and its children: nobody can tidy up."""
        child = self.children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def close(self) -> None:
        for name in list(self.children):
            self.kill(name)


@pytest.fixture
def house(tmp_path):
    """A house to be started; whatever it runs is ended."""
    made = []

    def build(**more: str) -> House:
        made.append(House(tmp_path, **more))
        return made[-1]

    yield build
    for one in made:
        one.close()


def until(true, what: str, seconds: float = 90) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.1)


@pytest.fixture
def owed(binhai):
    """A dozen deputies who owe an answer tomorrow, each with a phone."""
    with in_congress(binhai):
        users = User.objects.bulk_create(User(login_name=f"survive{n}") for n in range(PEOPLE))
        people = Membership.objects.bulk_create(
            Membership(user=user, name=f"代{n}", role=Role.DEPUTY) for n, user in enumerate(users)
        )
        for n, member in enumerate(people):
            Preference.objects.create(member=member, phone=f"139000000{n:02}")
        for n in (1, 2):
            actions.set_deadline(
                f"t.{n}", Unit.objects.first(), by=cast.member(binhai, Role.DEPUTY_AFFAIRS),
                members=people, what=f"答复第{n}件", limit=Limit(In.FIXED, on=DUE),
                start_on=dt.date(2026, 3, 2),
            )  # fmt: skip
    return binhai


def told(congress) -> dict[int, int]:
    """How many messages each member has."""
    with in_congress(congress):
        found: dict[int, int] = {}
        for pk in Notice.objects.values_list("to", flat=True):
            found[pk] = found.get(pk, 0) + 1
        return found


def marked(congress) -> int:
    with in_congress(congress):
        return Deadline.objects.exclude(reminded_on=None).count()


def test_a_worker_killed_while_it_tells_leaves_nothing_half_done(owed, house):
    running = house(HOUSE_SLOW="30")
    running.start("redis", "beat", "worker")
    until(running.flag.exists, "the worker telling")
    running.kill("worker")
    assert told(owed) == {} and marked(owed) == 0  # all of it or nothing
    running.environ["HOUSE_SLOW"] = "0"
    running.start("worker")
    until(lambda: len(told(owed)) == PEOPLE, "everybody told")
    time.sleep(3)  # further sweeps run meanwhile
    assert set(told(owed).values()) == {1} and marked(owed) == 2 * PEOPLE


def test_control_a_sweep_that_marks_before_it_tells_forgets_people(owed, house):
    running = house(HOUSE_SLOW="30", HOUSE_BROKEN="1")
    running.start("redis", "beat", "worker")
    until(running.flag.exists, "the worker telling")
    running.kill("worker")
    running.environ["HOUSE_SLOW"] = "0"
    running.start("worker")
    time.sleep(8)
    assert marked(owed) == 2 * PEOPLE and told(owed) == {}


def test_killing_everything_at_random_loses_and_doubles_nothing(owed, house):
    chance = random.Random(7)
    with sms_gateway() as gateway:
        with in_congress(owed):
            Channel.objects.create(kind=Way.SMS, mode="on", url=gateway.url, body=BODY, timeout=5)
        running = house(HOUSE_SLOW="0.5")
        running.start("redis", "beat", "worker")
        until(running.flag.exists, "the worker telling")
        for n in range(8):
            time.sleep(chance.uniform(0.2, 2.5))
            name = ["worker", "redis", "beat", "worker"][n % 4]
            running.kill(name)
            if name == "redis":  # what people do meanwhile is stored all the same
                with in_congress(owed):
                    actions.set_deadline(
                        "t.late", Unit.objects.first(), by=None, what="签收", start_on=None,
                        members=Membership.objects.filter(name="代0"), limit=Limit(In.DAYS, 90),
                    )  # fmt: skip
            time.sleep(chance.uniform(0, 0.5))
            running.start(name)
        until(lambda: len(told(owed)) == PEOPLE, "everybody told")
        until(lambda: _open(owed) == 0, "every message sent")
        time.sleep(3)
    assert set(told(owed).values()) == {1}
    with in_congress(owed):
        rows = list(Delivery.objects.all())
        assert Deadline.objects.filter(kind="t.late").count() == 1
    assert {row.state for row in rows} == {"sent"} and len(rows) == PEOPLE
    # Each phone heard of one message alone. One whose sender died after the gateway had it came
    # again under its own key, by which a gateway knows it.
    assert len(set(zip(gateway.phones, gateway.keys, strict=True))) == PEOPLE
    assert len(set(gateway.phones)) == PEOPLE
    assert len(gateway.got) - PEOPLE <= sum(row.tries - 1 for row in rows)


def _open(congress) -> int:
    with in_congress(congress):
        return (
            Delivery.objects.filter(state__in=["waiting", "sending"]).count()
            + Notice.objects.filter(routed_at=None).count()
        )

"""The demo is of the size really met, whole, and the same at every load."""

import datetime as dt

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from congress.models import Congress, Role, Unit
from congress.tenancy import in_congress
from deputies.models import CommitteeSeat, Delegation, Mandate
from deputies.queries import in_office
from reports.demo import load
from reports.demo.people import invent

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def gulou(db):
    load.load("fresh", lambda words: None)
    return Congress.objects.get(key="gulou")


def test_the_district_has_the_size_really_met(gulou):
    with in_congress(gulou):
        assert in_office(TODAY, Mandate.Level.COUNTY).count() == 386
        council = Mandate.Level.STREET_COUNCIL
        living = in_office(TODAY).exclude(level=council)
        assert (living.count(), in_office(TODAY, council).count()) == (569, 536)
        assert Delegation.objects.count() == 8
        kinds = Unit.Kind
        assert Unit.objects.filter(kind=kinds.STREET_COMMITTEE).count() == 13
        assert 36 <= Unit.objects.filter(kind=kinds.HANDLING_UNIT).count() <= 44
        assert CommitteeSeat.objects.count() >= 40
    town = Congress.objects.get(key="liuxi")
    assert town.parent.key == "yunze" and town.level == Congress.Level.TOWNSHIP


def test_every_role_has_an_account_that_opens(gulou, rf):
    found = load.accounts(gulou)
    assert len(found) == len(Role) + 1  # two people of 代工委
    request = rf.post("/accounts/login/")
    for _, login, password in found:
        assert authenticate(request, username=login, password=password), login


def test_the_demo_is_loaded_once_and_never_beside_others(gulou, binhai, capsys):
    call_command("load_demo", stage="fresh")
    assert "already" in capsys.readouterr().out
    call_command("demo_accounts", port="9000")
    out = capsys.readouterr().out
    assert "http://gulou.localhost:9000/" in out and "liuxi-d001" in out
    assert "binhai" not in out


def test_the_demo_refuses_a_house_in_use(binhai, settings):
    with pytest.raises(CommandError):
        call_command("load_demo")
    settings.HTTPS = True
    with pytest.raises(CommandError):
        call_command("load_demo")


def test_the_same_seed_gives_the_same_people():
    first, again, other = invent(1, "古楼"), invent(1, "古楼"), invent(2, "古楼")
    people = [next(first) for _ in range(50)]
    assert people == [next(again) for _ in range(50)]
    assert people != [next(other) for _ in range(50)]
    assert {p.phone[:3] for p in people} == {"100"}
    assert {p.id_number[:6] for p in people} == {"990000"}

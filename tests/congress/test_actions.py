"""Making congresses, members, accounts, grants and tokens: each step and each refusal."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from congress import actions
from congress.access import memberships_in_force, units_of
from congress.flow import NotAllowed
from congress.models import (
    ApiToken,
    Congress,
    LogEntry,
    Membership,
    Role,
    Term,
    Unit,
    UnitGrant,
    User,
)
from congress.signals import congress_created
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db

COUNTY = {
    "key": "linhe",
    "level": "county",
    "name": "临河区人民代表大会",
    "standing_committee_name": "临河区人民代表大会常务委员会",
    "short_name": "临河区人大",
    "term_number": 19,
    "term_starts_on": dt.date(2022, 1, 10),
}


def logged(step: str) -> LogEntry:
    return LogEntry.objects.filter(step=step).latest("number")


# -- Congresses --------------------------------------------------------------------------------


def test_a_new_congress_has_a_term_units_and_a_log_and_tells_the_apps():
    told = []

    def listen(sender, congress, **kwargs):
        told.append((congress.key, Unit.objects.count()))

    congress_created.connect(listen)
    try:
        linhe = actions.create_congress(**COUNTY, hosts=["RD.linhe.gov.cn "])
    finally:
        congress_created.disconnect(listen)
    assert told == [("linhe", 3)]
    assert [h.host for h in linhe.hosts.all()] == ["rd.linhe.gov.cn"]
    with in_congress(linhe):
        assert Term.objects.get().name == "第十九届"
        assert Unit.objects.filter(kind=Unit.Kind.DEPUTY_AFFAIRS).count() == 1
        assert LogEntry.objects.get(step="congress.create").number == 1


def test_a_new_congress_answers_without_a_restart(client):
    actions.create_congress(**COUNTY)
    page = client.get("/accounts/login/", headers={"host": "linhe.localhost"})
    assert page.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"key": "binhai"},
        {"key": "临河"},
        {"key": "admin"},
        {"key": "-x"},
        {"hosts": ["http://x.cn/"]},
        {"hosts": ["10.0.0.1"]},
        {"hosts": ["a..b"]},
    ],
    ids=str,
)
def test_a_congress_with_a_bad_key_or_address_is_not_made(binhai, change):
    with pytest.raises(NotAllowed):
        actions.create_congress(**{**COUNTY, **change})
    assert not Congress.objects.filter(short_name="临河区人大").exists()


def test_an_address_belongs_to_one_congress(binhai):
    actions.create_congress(**COUNTY, hosts=["rd.example.cn"])
    with in_congress(binhai), pytest.raises(NotAllowed):
        actions.set_hosts(["rd.example.cn"], by=cast.member(binhai, Role.SYSTEM_ADMIN))


def test_a_township_stands_below_a_county(binhai):
    town = {**COUNTY, "key": "shaxi", "level": "township", "name": "沙溪镇人民代表大会"}
    assert actions.create_congress(**town, parent=binhai).parent == binhai
    with pytest.raises(NotAllowed):
        actions.create_congress(**COUNTY, parent=binhai)


def test_a_congress_is_switched_off_and_on(binhai, client):
    actions.switch_off(binhai)
    host = {"host": "binhai.localhost"}
    assert client.get("/accounts/login/", headers=host).status_code == 404
    with pytest.raises(NotAllowed):
        actions.switch_off(binhai)
    actions.switch_on(binhai)
    assert client.get("/accounts/login/", headers=host).status_code == 200


def test_settings_are_kept_by_key_and_logged(in_binhai):
    by = cast.member(in_binhai, Role.SYSTEM_ADMIN)
    actions.change_settings({"ranking": True, "filing_number": "备1号"}, by=by)
    after = actions.change_settings({"filing_number": None}, by=by)
    assert after.settings == {"ranking": True}
    assert logged("congress.change_settings").before == {"备案号": "备1号"}


def test_settings_are_not_everybodys(in_binhai):
    with pytest.raises(NotAllowed):
        actions.change_settings({}, by=cast.member(in_binhai, Role.SECURITY_ADMIN))


# -- Members -----------------------------------------------------------------------------------


def keeper(congress) -> Membership:
    return cast.member(congress, Role.SYSTEM_ADMIN)


def test_a_new_person_gets_a_login_a_role_and_a_password_once(in_binhai):
    unit = Unit.objects.get(short_name="西园街道")
    member, password = actions.open_login(
        by=keeper(in_binhai), login_name="Ｌi.si", name="李 四", role=Role.STREET, unit=unit,
        mobile="138 0013 8000",
    )  # fmt: skip
    user = User.objects.get(login_name="li.si")
    assert user.check_password(password) and user.must_change_password
    assert user.mobile_index and "13800138000" not in user.mobile_index
    assert memberships_in_force(user) == [member] and member.name == "李四"
    entry = logged("congress.open_login")
    assert entry.after["手机号"] == "138****8000" and password not in str(entry.after)


@pytest.mark.parametrize(
    "change",
    [
        {"login_name": "binhai-chair"},
        {"login_name": "13800138000"},
        {"login_name": "a"},
        {"mobile": "12345"},
        {"name": "  "},
        {"role": Role.STREET},
    ],
    ids=str,
)
def test_a_person_without_what_is_needed_is_not_added(in_binhai, change):
    wanted = {"login_name": "lisi", "name": "李四", "role": Role.DEPUTY_AFFAIRS} | change
    with pytest.raises(NotAllowed):
        actions.open_login(by=keeper(in_binhai), **wanted)
    assert not User.objects.filter(login_name="lisi").exists()


def test_a_mobile_number_signs_in_one_person(in_binhai):
    first = {"login_name": "lisi", "name": "李四", "mobile": "13800138000", "role": Role.CHAIR}
    actions.open_login(by=keeper(in_binhai), **first)
    with pytest.raises(NotAllowed, match="手机号"):
        actions.open_login(by=keeper(in_binhai), **{**first, "login_name": "wangwu"})


@pytest.mark.parametrize(
    "role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.DEPUTY_AFFAIRS, Role.STREET]
)
def test_only_the_system_administrator_keeps_staff(in_binhai, role):
    by = cast.member(in_binhai, role)
    with pytest.raises(NotAllowed):
        actions.open_login(by=by, login_name="lisi", name="李四", role=Role.CHAIR)
    with pytest.raises(NotAllowed):
        actions.end_membership(cast.member(in_binhai, Role.CHAIR), by=by)


def test_deputies_are_added_by_the_deputy_affairs_committee(in_binhai):
    by = cast.member(in_binhai, Role.DEPUTY_AFFAIRS)
    member, _ = actions.open_login(by=by, login_name="d001", name="林若水", role=Role.DEPUTY)
    actions.end_membership(member, by=by)
    assert memberships_in_force(member.user) == []


def test_a_person_of_the_neighbour_becomes_a_member_here_too(binhai, shanyang):
    theirs = cast.member(shanyang, Role.CHAIR).user
    with in_congress(binhai):
        actions.add_member(by=keeper(binhai), user=theirs, name="朱仁民", role=Role.DEPUTY)
        assert [m.role for m in memberships_in_force(theirs)] == [Role.DEPUTY]


@pytest.mark.parametrize("other", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_the_three_officers_exclude_each_other(in_binhai, other):
    user = cast.member(in_binhai, Role.SYSTEM_ADMIN).user
    with pytest.raises(NotAllowed, match="不同的人"):
        actions.add_member(by=None, user=user, name="许系统", role=other)


def test_the_database_alone_keeps_the_three_officers_apart(in_binhai):
    user = cast.member(in_binhai, Role.SYSTEM_ADMIN).user
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=user, name="许系统", role=Role.AUDIT_ADMIN)


def test_an_officer_of_another_time_is_no_obstacle(in_binhai):
    user = cast.member(in_binhai, Role.CHAIR).user
    today = dt.date.today()
    term = {"valid_from": today, "valid_to": today + dt.timedelta(days=9)}
    later = {"valid_from": today + dt.timedelta(days=10)}
    actions.add_member(by=None, user=user, name="朱", role=Role.SYSTEM_ADMIN, **term)
    actions.add_member(by=None, user=user, name="朱", role=Role.AUDIT_ADMIN, **later)
    with pytest.raises(NotAllowed):
        actions.add_member(by=None, user=user, name="朱", role=Role.SECURITY_ADMIN, **term)


def test_another_role_ends_sessions_and_tokens(in_binhai):
    member = cast.member(in_binhai, Role.COMMITTEE)
    token, _ = actions.make_token(member, by=cast.member(in_binhai, Role.SECURITY_ADMIN), label="x")
    before = member.user.session_version
    actions.change_role(member, by=keeper(in_binhai), role=Role.CHAIR)
    assert User.objects.get(pk=member.user_id).session_version > before
    assert ApiToken.objects.get(pk=token.pk).revoked_at
    entry = logged("congress.change_role")
    assert (entry.before["角色"], entry.after["角色"]) == ("专工委", "主任会议成员")


def test_nobody_changes_the_own_role(in_binhai):
    with pytest.raises(NotAllowed):
        actions.change_role(keeper(in_binhai), by=keeper(in_binhai), role=Role.CHAIR)
    with pytest.raises(NotAllowed):
        actions.end_membership(keeper(in_binhai), by=keeper(in_binhai))


def test_a_membership_ends_at_once_or_on_a_day(in_binhai):
    chair, committee = (cast.member(in_binhai, r) for r in (Role.CHAIR, Role.COMMITTEE))
    actions.end_membership(chair, by=keeper(in_binhai))
    assert memberships_in_force(chair.user) == []
    with pytest.raises(NotAllowed):
        actions.end_membership(chair, by=keeper(in_binhai))
    last = dt.date.today() + dt.timedelta(days=3)
    actions.end_membership(committee, by=keeper(in_binhai), last_day=last)
    assert memberships_in_force(committee.user)
    with time_machine.travel(dt.datetime.now() + dt.timedelta(days=5)):
        assert memberships_in_force(committee.user) == []


# -- Accounts ----------------------------------------------------------------------------------


@pytest.fixture
def at_home(monkeypatch):
    """Nobody is a member elsewhere: the platform's login cannot see a test's transaction."""
    monkeypatch.setattr("congress.access.belongs_elsewhere", lambda user, here: False)


def guard(congress) -> Membership:
    return cast.member(congress, Role.SECURITY_ADMIN)


def test_a_reset_password_works_once_and_ends_sessions(in_binhai, at_home):
    member = cast.member(in_binhai, Role.DEPUTY)
    before = member.user.session_version
    password = actions.reset_password(member, by=guard(in_binhai))
    user = User.objects.get(pk=member.user_id)
    assert user.check_password(password) and user.must_change_password
    assert user.session_version > before


def test_an_account_is_disabled_and_enabled(in_binhai, at_home):
    member = cast.member(in_binhai, Role.DEPUTY)
    actions.disable_login(member, by=guard(in_binhai))
    assert not User.objects.get(pk=member.user_id).is_active
    with pytest.raises(NotAllowed):
        actions.disable_login(member, by=guard(in_binhai))
    actions.enable_login(member, by=guard(in_binhai))
    assert User.objects.get(pk=member.user_id).is_active


@pytest.mark.parametrize("step", ["reset_password", "disable_login", "end_sessions", "unlock"])
@pytest.mark.parametrize("role", [r for r in Role if r != Role.SECURITY_ADMIN])
def test_accounts_are_kept_by_the_security_administrator_alone(in_binhai, at_home, step, role):
    with pytest.raises(NotAllowed):
        getattr(actions, step)(cast.second(in_binhai), by=cast.member(in_binhai, role))


@pytest.mark.django_db(transaction=True, databases=["default", "platform"])
def test_a_congress_has_no_hold_on_the_account_of_a_member_elsewhere(binhai, shanyang):
    theirs = cast.member(shanyang, Role.CHAIR).user
    with in_congress(binhai):
        mine = actions.add_member(by=None, user=theirs, name="朱仁民", role=Role.DEPUTY)
    with in_congress(binhai):
        for step in (actions.reset_password, actions.disable_login):
            with pytest.raises(NotAllowed, match="其他人大"):
                step(mine, by=guard(binhai))
        actions.reset_password(cast.member(binhai, Role.CHAIR), by=guard(binhai))


# -- Grants and tokens -------------------------------------------------------------------------


def test_a_street_member_works_for_another_street_by_grant(in_binhai):
    member, unit = cast.member(in_binhai, Role.STREET), Unit.objects.get(short_name="西园街道")
    actions.grant_unit(member, unit, by=guard(in_binhai), reason="产假")
    assert unit.pk in units_of(cast.member(in_binhai, Role.STREET))
    with pytest.raises(NotAllowed):
        actions.grant_unit(
            cast.member(in_binhai, Role.STREET), unit, by=guard(in_binhai), reason="产假"
        )
    actions.take_unit_back(UnitGrant.objects.get(), by=guard(in_binhai))
    assert unit.pk not in units_of(cast.member(in_binhai, Role.STREET))


def test_only_streets_are_granted_and_only_to_street_and_committee_staff(in_binhai):
    street, office = (Unit.objects.get(short_name=n) for n in ("西园街道", "政府办"))
    with pytest.raises(NotAllowed):
        actions.grant_unit(
            cast.member(in_binhai, Role.DEPUTY), street, by=guard(in_binhai), reason="产假"
        )
    with pytest.raises(NotAllowed):
        actions.grant_unit(
            cast.member(in_binhai, Role.STREET), office, by=guard(in_binhai), reason="产假"
        )
    with pytest.raises(NotAllowed):
        actions.grant_unit(
            cast.member(in_binhai, Role.STREET), street, by=keeper(in_binhai), reason="产假"
        )


def test_a_grant_ends_on_its_day_and_says_why(in_binhai):
    unit = Unit.objects.get(short_name="西园街道")

    def street():
        return cast.member(in_binhai, Role.STREET)

    with time_machine.travel("2026-03-02 09:00+08:00", tick=False):
        day = dt.date(2026, 3, 31)
        for wrong in (
            {"reason": " "},
            {"valid_to": dt.date(2026, 3, 1)},
            {"valid_to": dt.date(2027, 4, 1)},
        ):
            with pytest.raises(NotAllowed):
                given = {"reason": "产假", "valid_to": day, **wrong}
                actions.grant_unit(street(), unit, by=guard(in_binhai), **given)
        actions.grant_unit(street(), unit, by=guard(in_binhai), reason="产假", valid_to=day)
        assert unit.pk in units_of(street())
        assert logged("congress.grant_unit").note == "产假"
    with time_machine.travel("2026-03-31 23:00+08:00", tick=False):
        assert unit.pk in units_of(street())
    with time_machine.travel("2026-04-01 00:30+08:00", tick=False):
        assert unit.pk not in units_of(street())
        actions.grant_unit(street(), unit, by=guard(in_binhai), reason="再代管")
        assert unit.pk in units_of(street())
        assert UnitGrant.objects.get().valid_to is None


def test_a_grant_is_hidden_from_the_neighbour(binhai, shanyang):
    with in_congress(binhai):
        street = Unit.objects.get(short_name="西园街道")
        actions.grant_unit(cast.member(binhai, Role.STREET), street, by=None, reason="产假代管")
        assert UnitGrant.objects.count() == 1
    with in_congress(shanyang):
        assert UnitGrant.objects.count() == 0


def test_a_token_is_shown_once_and_revoked(in_binhai):
    member = cast.member(in_binhai, Role.DEPUTY_AFFAIRS)
    token, secret = actions.make_token(member, by=guard(in_binhai), label="对接大屏", days=30)
    assert secret not in str(vars(ApiToken.objects.get(pk=token.pk)))
    actions.revoke_token(token, by=guard(in_binhai))
    with pytest.raises(NotAllowed):
        actions.revoke_token(token, by=guard(in_binhai))


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_a_year_at_most(in_binhai, days):
    with pytest.raises(NotAllowed):
        actions.make_token(
            cast.member(in_binhai, Role.CHAIR), by=guard(in_binhai), label="x", days=days
        )

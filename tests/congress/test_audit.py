"""The log: every step once, append-only, chained; verify_audit finds one row touched."""

import io
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from congress import actions, audit, invariants
from congress.models import LogEntry, Role, Unit
from congress.outbox import enqueue, job_task
from congress.tenancy import in_congress
from tests import cast
from tests.conftest import _address

pytestmark = pytest.mark.django_db


def fill(congress, rows: int = 6) -> None:
    with in_congress(congress):
        for n in range(rows):
            audit.record(None, "congress.change", Unit.objects.first(), after={"说明": f"第{n}次"})


@contextmanager
def as_owner():
    """The database's owner, who alone could touch a row; policies hold even for him."""
    with psycopg.connect(_address("owner", settings.DATABASES["owner"]["NAME"])) as owner:
        yield owner


def touch(congress, sql: str, *args) -> None:
    with as_owner() as owner:
        owner.execute("SELECT set_config('app.congress_id', %s, true)", [str(congress.pk)])
        assert owner.execute(sql, args).rowcount >= 1


def verify(*args) -> str:
    out = io.StringIO()
    call_command("verify_audit", *args, stdout=out)
    return out.getvalue()


def faults(congress) -> list[str]:
    with in_congress(congress):
        return audit.verify(congress)


def test_numbers_have_no_gaps_and_rows_are_chained(in_binhai):
    fill(in_binhai)
    rows = list(LogEntry.objects.order_by("number"))
    assert [r.number for r in rows] == [1, 2, 3, 4, 5, 6]
    assert [r.previous_hash for r in rows] == ["", *[r.hash for r in rows[:-1]]]
    assert audit.verify(in_binhai) == []


def test_each_congress_has_its_own_chain(binhai, shanyang):
    fill(binhai, 3)
    fill(shanyang, 2)
    assert "共 3 条" in verify("--congress", "binhai")
    assert "共 2 条" in verify("--congress", "shanyang")


def test_a_step_and_its_row_stand_or_fall_together(in_binhai):
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.record(None, "congress.change")
        raise RuntimeError
    assert LogEntry.objects.count() == 0


@pytest.mark.parametrize(
    "sql", ["UPDATE congress_logentry SET note = 'x'", "DELETE FROM congress_logentry"]
)
def test_the_application_can_only_add(in_binhai, sql):
    fill(in_binhai)
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


TOUCHED = {
    "one changed": "UPDATE congress_logentry SET note = 'x' WHERE number = 3",
    "one changed in its values": (
        'UPDATE congress_logentry SET after = \'{"说明": "别的"}\' WHERE number = 3'
    ),
    "one of another time": (
        "UPDATE congress_logentry SET at = at - interval '1 second' WHERE number = 3"
    ),
    "one removed": "DELETE FROM congress_logentry WHERE number = 3",
    "the first removed": "DELETE FROM congress_logentry WHERE number = 1",
    "the last removed": "DELETE FROM congress_logentry WHERE number = 6",
    "one inserted at the end": (
        "INSERT INTO congress_logentry (congress_id, number, at, by_name, role, address, step,"
        " outcome, object_type, object_id, object_label, note, previous_hash, hash)"
        " SELECT congress_id, 7, at, by_name, role, address, step, outcome, object_type,"
        " object_id, object_label, note, hash, hash FROM congress_logentry WHERE number = 6"
    ),
    "two moved": (
        "UPDATE congress_logentry SET number = CASE number WHEN 2 THEN 103 ELSE 102 END"
        " WHERE number IN (2, 3)"
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("sql", TOUCHED.values(), ids=TOUCHED)
def test_one_row_touched_by_the_owner_is_found(binhai, shanyang, sql):
    fill(binhai)
    fill(shanyang)
    assert "完整" in verify("--congress", "binhai")
    touch(binhai, sql)
    if "103" in sql:
        touch(binhai, "UPDATE congress_logentry SET number = number - 100 WHERE number > 100")
    assert faults(binhai)
    assert faults(shanyang) == []
    with pytest.raises(CommandError, match="1 个人大"):
        verify()


@pytest.mark.django_db(transaction=True)
def test_a_row_inserted_in_the_middle_is_found(binhai):
    fill(binhai)
    touch(binhai, "UPDATE congress_logentry SET number = number + 100 WHERE number > 3")
    touch(binhai, "UPDATE congress_logentry SET number = number - 99 WHERE number > 100")
    touch(binhai, TOUCHED["one inserted at the end"].replace("7,", "4,").replace("= 6", "= 3"))
    assert faults(binhai)


@pytest.mark.django_db(transaction=True)
def test_without_the_hash_over_its_content_a_change_would_not_be_found(binhai, monkeypatch):
    """The control: a chain that does not cover a row's note misses a change of it."""
    monkeypatch.setattr(audit, "CHAINED", tuple(c for c in audit.CHAINED if c != "note"))
    fill(binhai)
    touch(binhai, TOUCHED["one changed"])
    assert faults(binhai) == []


def test_what_is_chained_is_every_column_of_the_row():
    columns = {f.attname for f in LogEntry._meta.concrete_fields}
    assert columns - set(audit.CHAINED) == {"id", "congress_id", "hash"}


# -- check_invariants --------------------------------------------------------------------------


def test_a_new_congress_holds_every_invariant(binhai):
    out = io.StringIO()
    fill(binhai)
    call_command("check_invariants", "--congress", "binhai", stdout=out)
    assert "全部成立" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_a_link_across_is_found_where_the_database_lost_its_constraint(binhai, shanyang):
    with in_congress(shanyang):
        theirs = Unit.objects.first().pk
    with as_owner() as owner:
        name = owner.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid ="
            " 'congress_unit'::regclass AND conname LIKE '%%parent_id%%same_cong'"
        ).fetchone()
        owner.execute(f'ALTER TABLE congress_unit DROP CONSTRAINT "{name[0]}"')
    try:
        assert invariants.check(binhai)["没有跨人大的关联"] == []
        touch(binhai, "UPDATE congress_unit SET parent_id = %s WHERE position = 1", theirs)
        assert "单位的“上级”" in invariants.check(binhai)["没有跨人大的关联"][0]
        with pytest.raises(CommandError):
            call_command("check_invariants", stdout=io.StringIO())
        touch(binhai, "UPDATE congress_unit SET parent_id = NULL WHERE position = 1")
    finally:
        with as_owner() as owner:
            owner.execute(f'ALTER TABLE congress_unit ADD CONSTRAINT "{name[0]}" {name[1]}')


@job_task("tests.nothing")
def nothing(run):
    return None


def test_a_job_that_does_not_move_is_found(binhai):
    from datetime import timedelta

    import time_machine
    from django.utils import timezone

    with in_congress(binhai):
        enqueue("tests.nothing", by=None, title="统计得分")
    assert invariants.check(binhai)["后台任务没有卡住"] == []
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert "统计得分" in invariants.check(binhai)["后台任务没有卡住"][0]


def test_two_offices_in_one_hand_are_found(binhai):
    from datetime import date

    with in_congress(binhai):
        member = cast.member(binhai, Role.SYSTEM_ADMIN)
        type(member).objects.filter(pk=member.pk).update(valid_to=date(2030, 1, 1))
        type(member).objects.create(
            user=member.user, name=member.name, role=Role.AUDIT_ADMIN, valid_from=date(2029, 1, 1)
        )
    assert "同时是" in invariants.check(binhai)["三员由不同的人担任"][0]


def test_a_lost_file_is_found(binhai, monkeypatch):
    from congress import files

    monkeypatch.setitem(files._READERS, "tests", lambda member, row: True)
    with in_congress(binhai):
        row = files.store("甲.pdf", b"x", purpose="tests", content_type="x/y", by=None)
    assert invariants.check(binhai)["文件都在"] == []
    files.path_of(row).unlink()
    assert "甲.pdf" in invariants.check(binhai)["文件都在"][0]


# -- Commands ----------------------------------------------------------------------------------


def run(*args) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_one_command_makes_a_congress_and_its_first_administrator(client):
    said = run(
        "create_congress", "--key=linhe", "--name=临河区人民代表大会", "--term=19",
        "--term-starts=2022-01-10", "--admin=linhe-admin",
    )  # fmt: skip
    assert "linhe.localhost" in said
    password = said.split("一次性密码：")[1].split()[0]
    host = {"host": "linhe.localhost"}
    form = {"login": "linhe-admin", "password": password}
    assert client.post("/accounts/login/", form, headers=host)["Location"] == "/first/"
    first = client.get("/first/", headers=host)
    assert first["Location"] == "/accounts/password/change/"


def test_a_congress_is_not_made_twice_and_says_so(binhai):
    with pytest.raises(CommandError, match="已被使用"):
        run(
            "create_congress", "--key=binhai", "--name=某区人民代表大会", "--term=1",
            "--term-starts=2022-01-10",
        )  # fmt: skip


def test_commands_switch_a_congress_and_open_an_officer(binhai):
    assert "已停用" in run("switch_congress", "binhai", "off")
    with pytest.raises(CommandError):
        run("switch_congress", "binhai", "off")
    assert "已启用" in run("switch_congress", "binhai", "on")
    given = ["--congress=binhai", "--role=audit_admin", "--login=lisi", "--name=李四"]
    assert "一次性密码" in run("create_admin", *given)
    with pytest.raises(CommandError, match="已被使用"):
        run("create_admin", *given)
    with pytest.raises(CommandError, match="没有标识"):
        run("create_admin", "--congress=nowhere", "--login=x", "--name=y")


def test_the_actions_of_this_file_leave_a_whole_chain(binhai):
    with in_congress(binhai):
        by = cast.member(binhai, Role.SYSTEM_ADMIN)
        actions.open_login(by=by, login_name="lisi", name="李四", role=Role.CHAIR)
        actions.change_settings({"ranking": True}, by=by)
    assert faults(binhai) == []

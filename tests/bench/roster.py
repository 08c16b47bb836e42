"""Roster: the dry run of 5,000 people, all of them new, then all of them known and some changed."""

import contextlib
import io
from functools import partial

import openpyxl
from django.db import connection

from congress.models import Congress, Role
from congress.outbox import run
from congress.tenancy import in_congress
from congress.xlsx import Unreadable, read
from deputies.actions import rosters
from deputies.models import Deputy, GroupSeat, Mandate, RosterBatch
from tests import cast
from tests.congress.workbooks import bomb, largest
from tests.deputies.rosters import FIRST_DAY, id_number

from .harness import Row, at_most, compared, memory_added, peak_memory, queries, seconds

NAME = "Roster: dry run of 5,000 rows, 14 columns"
PEOPLE = 5000
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "建国秀兰志强丽华文斌晓梅海涛玉芬明远若水启林"
HEAD = ["序号", "代表姓名", "性别", "民族", "出生年月", "身份证号", "联系电话", "党派", "学历",
        "工作单位及职务", "代表团", "所在街道", "代表小组", "代表证号"]  # fmt: skip


def measure() -> list[Row]:
    congress = cast.make_congress("binhai", "滨海区")
    content = roster()
    first = sent_in(congress, content)
    memory = memory_added(lambda: checked(first))
    new = dry_run(congress, content)
    assert counts(first) == {"new": PEOPLE}, counts(first)
    with in_congress(congress):
        rosters.confirm_roster(first, by=first.by)
        first.refresh_from_db()
    write = seconds(lambda: run(congress.pk, first.job_id))
    changed = roster(changed=True)
    upload = seconds(lambda: sent_in(congress, changed))
    second = last(congress)
    checked(second)
    known = dry_run(congress, changed)
    assert counts(second) == {"unchanged": PEOPLE * 9 // 10, "changed": PEOPLE // 10}
    few = sent_in(congress, roster(30))
    few_queries = queries(lambda: checked(few))
    again = sent_in(congress, changed)
    many_queries = queries(lambda: checked(again))
    bare = seconds(lambda: read_barely(content), times=3)
    known_barely = bare + seconds(lambda: read_registry(congress), times=3)
    return [
        at_most("dry run, all new: seconds", new, "s", 10),
        compared("dry run, all new: beside bare openpyxl reading", new, "s", bare, 2),
        at_most("dry run, all known, a tenth changed: seconds", known, "s", 10),
        compared("dry run, all known: beside bare reading of file and registry", known, "s",
                 known_barely, 2),
        Row(
            "dry run, all known: queries",
            many_queries,
            "",
            few_queries,
            None,
            "grow by one for 2,000 rows saved",
            many_queries <= few_queries + PEOPLE // 2000,
        ),
        Row("dry run, all new: memory added to the process", memory, "MB"),
        Row("peak memory of the process, importing included", peak_memory(), "MB"),
        Row("upload, until the page answers", upload, "s"),
        Row("import, all new", write, "s"),
        at_most("the largest file let in, read: seconds", seconds_to_read(largest()), "s", 5),
        at_most("a bomb of 400 MB, refused: seconds", seconds_to_read(bomb(400 << 20)), "s", 5),
    ]  # fmt: skip


def dry_run(congress: Congress, content: bytes) -> float:
    """How long a dry run takes: the quickest of three, as of the bare reading beside it."""
    waiting = [sent_in(congress, content) for _ in range(3)]
    return min(seconds(partial(checked, batch)) for batch in waiting)


def roster(people: int = PEOPLE, changed: bool = False) -> bytes:
    """A workbook as committees send it: under a title, spaced names, months for days, phones as
    numbers. With `changed` every tenth has another occupation."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("代表名册")
    page.append(["滨海区第十九届人民代表大会代表名册"])
    page.append(HEAD)
    for n in range(people):
        year, month, day = 1950 + n % 50, 1 + n % 12, 1 + n % 28
        name = FAMILY[n % len(FAMILY)] + GIVEN[n * 7 % len(GIVEN)] + GIVEN[n // 50 % len(GIVEN)]
        woman = n % 3 == 0
        born = f"{year}.{month:02}" if n % 2 else f"{year}-{month:02}-{day:02}"
        post = "副主任" if changed and n % 10 == 0 else "主任"
        page.append(
            [
                n + 1,
                f"{name[0]}　{name[1:]}" if n % 5 == 0 else name,
                "女" if woman else "男",
                "汉" if n % 4 else "回族",
                born,
                id_number(f"{year}{month:02}{day:02}", n // 50 % 400 * 2 + (not woman)),
                13800000000 + n,
                "中共党员" if n % 2 else "群众",
                "大学本科" if n % 3 else "研究生",
                f"滨海区第{n % 90 + 1}小学{post}",
                f"第{n % 8 + 1}代表团",
                "东湖街道" if n % 2 else "西园",
                f"第{n % 40 + 1}代表小组",
                f"{n + 1:05}",
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sent_in(congress: Congress, content: bytes) -> RosterBatch:
    """Uploaded; its dry run waits."""
    with in_congress(congress):
        by = cast.member(congress, Role.DEPUTY_AFFAIRS)
        return rosters.upload_roster(
            by=by,
            name="代表名册.xlsx",
            content=content,
            starts_on=FIRST_DAY,
            default_level="county",
        )


def last(congress: Congress) -> RosterBatch:
    with in_congress(congress):
        return RosterBatch.objects.select_related("by").first()


def checked(batch: RosterBatch) -> None:
    """The dry run, as the worker carries it out."""
    assert run(batch.congress_id, batch.job_id)


def counts(batch: RosterBatch) -> dict[str, int]:
    """Rows by outcome."""
    with in_congress(batch.congress):
        batch.refresh_from_db()
        return {k: n for k, n in batch.counts.items() if k not in ("rows", "repaired")}


def seconds_to_read(content: bytes) -> float:
    """Until a file is read or refused."""

    def opened() -> None:
        with contextlib.suppress(Unreadable):
            read(content, "名册.xlsx")

    return seconds(opened)


def read_registry(congress: Congress) -> None:
    """The people a roster is compared with, as the database driver gives them."""
    with in_congress(congress), connection.cursor() as cursor:
        for model in (Deputy, Mandate, GroupSeat):
            cursor.execute(
                f"SELECT * FROM {model._meta.db_table} WHERE congress_id = %s", [congress.pk]
            )
            assert len(cursor.fetchall()) >= PEOPLE


def read_barely(content: bytes) -> int:
    """Every value of the file by openpyxl in its quickest way."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    return sum(len(row) for page in book for row in page.iter_rows(values_only=True))

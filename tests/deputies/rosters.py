"""Rosters as committees really send them, built for the tests."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl

from congress.models import Membership, Role
from congress.outbox import run
from deputies.actions import rosters
from deputies.models import RosterBatch
from tests import cast

FIRST_DAY = dt.date(2022, 1, 10)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
HEAD = ["序号", "姓名", "性别", "民族", "出生日期", "身份证号", "手机号", "代表团", "所在街道"]


def id_number(born: str = "19750306", order: int = 12, area: str = "320102") -> str:
    """An identity number with a right check digit; an odd order is a man's."""
    body = f"{area}{born}{order:03}"
    check = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[check]


def book(*sheets: tuple[str, list[list]] | list[list], shape: Callable | None = None) -> bytes:
    """A workbook of sheets given as rows, or (title, rows); `shape(book)` may bend it."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, sheet in enumerate(sheets):
        title, rows = sheet if isinstance(sheet, tuple) else (f"表{number + 1}", sheet)
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    if shape:
        shape(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def work(batch: RosterBatch) -> RosterBatch:
    """Let the batch's waiting job run, as the worker would; gives the batch as it is then."""
    batch.refresh_from_db()
    run(batch.congress_id, batch.job_id)
    batch.refresh_from_db()
    return batch


def uploaded(congress, content: bytes, by: Membership | None = None, **more) -> RosterBatch:
    """A roster sent in and checked."""
    values = {"starts_on": FIRST_DAY, "default_level": "county", "name": "名册.xlsx", **more}
    by = by or cast.member(congress, Role.DEPUTY_AFFAIRS)
    return work(rosters.upload_roster(by=by, content=content, **values))


def imported(congress, content: bytes, **more) -> RosterBatch:
    """A roster sent in, checked, confirmed and written."""
    batch = uploaded(congress, content, **more)
    return work(rosters.confirm_roster(batch, by=batch.by))


def said(row) -> str:
    """All that a row's repairs and problems say, with their cells."""
    return " | ".join(
        f"{s['place']} {s['column']} {s['words']}" for s in [*row.repairs, *row.problems]
    )


# -- A whole district, always the same ---------------------------------------------------------

FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
GIVEN = (
    "建国 秀兰 志强 丽华 文斌 晓梅 海涛 玉芬 立新 红霞 永康 淑珍 俊杰 雅琴 德明 月娥 春生 桂英 "
    "国庆 敏"
).split()
WORK = (
    "滨海区第一小学校长",
    "东湖街道党工委书记",
    "滨海农业合作社理事长",
    "滨海精密机械有限公司工程师",
    "滨海区人民医院主任医师",
    "西园社区党支部书记、居委会主任",
    "个体工商户",
    "环卫所班长",
)
FULL_HEAD = (
    "序号 姓名 性别 民族 出生年月 党派 学历 工作单位及职务 身份证号 联系电话 选区 代表团 所在街道 "
    "代表小组 代表证号"
).split()


def district(count: int = 386) -> list[list]:
    """Roster rows of so many different people in eight delegations."""
    rows = [["滨海区第十九届人民代表大会代表名册"], FULL_HEAD]
    rows += [_person(n, count) for n in range(count)]
    return rows


def _person(n: int, count: int) -> list:
    year, month, order = 1956 + n * 3 % 42, 1 + n % 12, 100 + n % 900
    given = GIVEN[(n * 7 + n // len(FAMILIES)) % len(GIVEN)]
    name = FAMILIES[n % len(FAMILIES)] + given
    part, team = "东湖" if n % 3 else "西园", n * 8 // count
    leads = n % (count // 8) == 1
    return [
        n + 1,
        name,
        "男" if order % 2 else "女",
        "回族" if n % 29 == 5 else "汉族",
        f"{year}.{month:02}",
        "中共党员" if n % 5 else "群众",
        ("大学", "研究生", "大专")[n % 3],
        WORK[n % len(WORK)],
        id_number(f"{year}{month:02}{1 + n % 28:02}", order, f"{320102 + n // 900 * 10}"),
        str(13800000000 + n * 137),
        f"第{n // 4 + 1}选区",
        f"第{'一二三四五六七八'[team]}代表团",
        f"{part}街道",
        f"{part}第{'一二三四'[team // 2]}代表小组" + ("（组长）" if leads else ""),
        f"{n + 1:03}",
    ]

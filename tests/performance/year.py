"""A year of a small congress: a published rule-book, an open period, deputies with facts."""

import datetime as dt
from decimal import Decimal

from congress.models import Membership, Role, Term
from congress.names import initials, pinyin_key
from deputies.models import Delegation, Deputy, Mandate, MandateEvent
from performance import actions
from performance.models import DutyItem, DutyRecord, Period, RuleBookVersion

YEAR = 2025
FIRST, LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
NAMES = ["单林芳", "区启明", "仇远山", "曾若水", "解文涛", "欧阳明远", "石惠", "任乐天", "查淑云"]


def rule_book(template: str = "four_aspects", name: str = "履职积分办法") -> RuleBookVersion:
    """A published version of a template."""
    version = actions.make_book(by=None, name=name, template=template)
    return actions.publish_version(
        version, by=None, in_force_from=dt.date(2022, 1, 1), basis_document="常发〔2022〕3号"
    )


def period(version: RuleBookVersion | None = None, year: int = YEAR) -> Period:
    return actions.open_period(
        by=None,
        name=f"{year}年度",
        starts_on=dt.date(year, 1, 1),
        ends_on=dt.date(year, 12, 31),
        version=version or rule_book(),
        level=Mandate.Level.COUNTY,
    )


def seat(name: str, number: int, delegation: Delegation | None = None, **more) -> Mandate:
    """A deputy with a seat since the beginning of the term."""
    deputy = Deputy.objects.create(name=name, name_key=pinyin_key(name), initials=initials(name))
    more.setdefault("starts_on", dt.date(2022, 1, 10))
    more.setdefault("level", Mandate.Level.COUNTY)
    return Mandate.objects.create(
        deputy=deputy,
        term=Term.objects.first(),
        delegation=delegation,
        number=f"{number:03}",
        position=number,
        **more,
    )


def seats(count: int, delegations: int = 2) -> list[Mandate]:
    """Deputies in delegations, one after the other."""
    places = [
        Delegation.objects.get_or_create(name=f"第{n}代表团", defaults={"position": n})[0]
        for n in range(1, delegations + 1)
    ]
    return [
        seat(NAMES[n] if n < len(NAMES) else f"代表第{n}", n + 1, places[n * delegations // count])
        for n in range(count)
    ]


def fact(deputy: Deputy, code: str, on: dt.date, **more) -> DutyRecord:
    """One fact of an item."""
    return actions.record_duty(
        by=None,
        deputy=deputy,
        item=DutyItem.objects.get(code=code),
        on=on,
        source_kind="test",
        source_id=more.pop("source", f"{code}-{on}"),
        **more,
    )


def facts(mandates: list[Mandate], each: int = 30, year: int = YEAR) -> int:
    """Facts of every kind for every deputy, unlike from one to the next and always the same."""
    items = list(DutyItem.objects.exclude(code="O02").order_by("position"))
    outcomes = ["present", "present", "present", "late", "leave", "absent"]
    rows = []
    for n, mandate in enumerate(mandates):
        for k in range(each + n % 7):
            item = items[(k * 5 + n) % len(items)]
            obliged = item.code[0] == "B" or item.code in ("A01", "E01")
            rows.append(
                DutyRecord(
                    deputy_id=mandate.deputy_id,
                    item=item,
                    on=dt.date(year, 1, 1) + dt.timedelta(days=(k * 37 + n * 11) % 365),
                    quantity=Decimal(1 + (k + n) % 3) / 2 if item.code == "A01" else 1,
                    outcome=outcomes[(k + n) % 6] if obliged else "",
                    level=["national", "provincial", "city", "county"][k % 4]
                    if item.code == "E05"
                    else "",
                    source_kind="test.year",
                    source_id=str(k),
                    title=item.name,
                )
            )
    DutyRecord.objects.bulk_create(rows)
    return len(rows)


def suspend(mandate: Mandate, on: dt.date, until: dt.date | None = None) -> None:
    kinds = MandateEvent.Kind
    mandate.events.create(kind=kinds.SUSPENDED, on=on)
    if until:
        mandate.events.create(kind=kinds.RESUMED, on=until)


def keeper() -> Membership:
    return (
        Membership.objects.select_related("user", "unit", "congress")
        .filter(role=Role.DEPUTY_AFFAIRS)
        .order_by("pk")[0]
    )


def second_keeper() -> Membership:
    return (
        Membership.objects.select_related("user", "unit", "congress")
        .filter(role=Role.DEPUTY_AFFAIRS)
        .order_by("pk")[1]
    )

"""Suggestions: the year's figures and report of 280 items; lists, search and figures of a congress
among 1,000 that together hold 100,000 suggestions."""

import datetime as dt
import os

from django.db import connections

from congress.models import Congress, Membership, Role, Sitting, Term
from congress.tenancy import across_congresses, in_congress
from deputies.models import Deputy
from suggestions import access, actions
from suggestions.models import Suggestion
from suggestions.queries import figures
from suggestions.rules.figures import checks
from tests import cast
from tests.suggestions import stage
from tests.suggestions.year import Maker

from .harness import (
    Row,
    at_most,
    compared,
    fresh_statistics,
    no_more,
    peak_memory,
    queries,
    seconds,
)
from .web import Visitor, answer_times, p50_p95, serving

NAME = "Suggestions: a year of 280; 100,000 in 1,000 congresses, 4 clients at once"
ITEMS, CONGRESSES, EACH = 280, 1000, 100
CLIENTS, TIMES = 4, 30
SLOW, SLOW_TIMES = ("staff: figures",), 10  # asked for seldom, and by few
REPORT_SECONDS, PAGE_MS, GROWTH = 20, 300, 1.2


def measure() -> list[Row]:
    congress = cast.make_congress("binhai", "滨海区")
    with in_congress(congress):
        stage.ready()
        maker = Maker(1, deputies=150)
        maker.year(ITEMS)
        rows = _year(maker)
    fresh_statistics()
    clerk = Visitor(congress, cast.member(congress, Role.DEPUTY_AFFAIRS))
    pages = {
        "staff: list": (clerk, "/admin/suggestions/suggestion/"),
        "staff: list, searched": (clerk, "/admin/suggestions/suggestion/?q=%E7%AC%AC25%E4%BB%B6"),
        "staff: search of everything": (clerk, "/admin/find/?q=%E7%AC%AC25%E4%BB%B6"),
        "public: list, searched": (Visitor(congress), "/suggestions/?q=%E7%AC%AC25%E4%BB%B6"),
        "staff: figures": (clerk, "/admin/suggestions/figures/"),
    }
    with serving() as port:
        for name, (visitor, path) in pages.items():
            assert visitor.client.get(path).status_code == 200, name
        alone = {name: _taken(port, name, *page) for name, page in pages.items()}
        total = neighbours(congress, int(os.environ.get("BENCH_CONGRESSES", CONGRESSES)))
        for name, (visitor, path) in pages.items():
            count, before, _ = alone[name]
            again, p50, p95 = _taken(port, name, visitor, path)
            rows += [
                no_more(f"{name}: queries", again, count, "as many as alone"),
                compared(f"{name}: p50 beside alone", p50, "ms", before, GROWTH),
                at_most(f"{name}: p95", p95, "ms", None if name in SLOW else PAGE_MS),
            ]
    rows.append(Row("suggestions in all congresses", total, ""))
    return rows


def _year(maker: Maker) -> list[Row]:
    """Reading, checking and printing a year."""
    known = figures.scopes()
    scope = next(s for s in known if s.key == f"s{maker.sitting.pk}")
    mine = access.visible_to(maker.clerk)
    year = figures.year(mine, scope)
    assert len(year.items) >= ITEMS * 0.9, len(year.items)
    report = actions.start_report(maker.sitting, by=maker.clerk, title="年度报告", texts={})
    took = seconds(lambda: actions.make_report(report, by=maker.clerk))
    report.refresh_from_db()
    assert report.is_frozen, report.faults
    return [
        Row(f"figures of {ITEMS}: queries", queries(lambda: figures.year(mine, scope)), ""),
        Row(f"figures of {ITEMS}: read", seconds(lambda: figures.year(mine, scope), 3), "s"),
        Row(f"figures of {ITEMS}: checked", seconds(lambda: checks(year.items), 3), "s"),
        at_most(f"yearly report of {ITEMS}, PDF and workbook", took, "s", REPORT_SECONDS),
        Row("peak memory with the report", peak_memory(), "MB"),
    ]


def _taken(port: int, name: str, visitor: Visitor, path: str) -> tuple[int, float, float]:
    visitor.client.get(path)
    count = queries(lambda: visitor.client.get(path))
    times = SLOW_TIMES if name in SLOW else TIMES
    return (count, *p50_p95(answer_times(port, visitor, path, CLIENTS, times)))


def neighbours(like: Congress, congresses: int) -> int:
    """More congresses with a hundred registered suggestions each, written by the database."""
    with across_congresses() as alias:
        sample = Membership.objects.using(alias).filter(congress=like).order_by("pk").first()
        made = Congress.objects.using(alias).bulk_create(
            Congress(
                key=f"n{n}", level="county", name=f"第{n}区人民代表大会",
                standing_committee_name=f"第{n}区人大常委会", short_name=f"第{n}区人大",
            )
            for n in range(1, congresses)
        )  # fmt: skip
        terms = Term.objects.using(alias).bulk_create(
            Term(congress=c, number=19, name="第十九届", starts_on=dt.date(2022, 1, 10))
            for c in made
        )
        sittings = Sitting.objects.using(alias).bulk_create(
            Sitting(congress=t.congress, term=t, number=5, name="第五次会议",
                    opens_on=dt.date(2026, 1, 12), closes_on=dt.date(2026, 1, 16))
            for t in terms
        )  # fmt: skip
        people = Membership.objects.using(alias).bulk_create(
            Membership(congress=c, user_id=sample.user_id, role=Role.CHAIR, name="经办")
            for c in made
        )
        leads = Deputy.objects.using(alias).bulk_create(
            Deputy(congress=c, name="某代表", name_key="mou") for c in made
        )
        changed = {
            "congress": "p.c", "term": "p.t", "sitting": "p.s", "lead": "p.d", "written_by": "p.m",
            "state": "'registered'", "is_key": "false", "assigned_on": "NULL", "rule_set": "NULL",
            "closed_at": "NULL", "raised_in": "'sitting'",
        }  # fmt: skip
        fields = [f for f in Suggestion._meta.concrete_fields if not f.primary_key]
        values = [
            changed.get(f.name, "NULL" if f.is_relation else f's."{f.column}"') for f in fields
        ]
        places = [
            (s.congress_id, s.term_id, s.pk, d.pk, m.pk)
            for s, d, m in zip(sittings, leads, people, strict=True)
        ]
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE place (c bigint, t bigint, s bigint, d bigint, m bigint)"
            )
            cursor.executemany("INSERT INTO place VALUES (%s, %s, %s, %s, %s)", places)
            cursor.execute(
                f"INSERT INTO suggestions_suggestion ({', '.join(f.column for f in fields)}) "
                f"SELECT {', '.join(values)} FROM place p, (SELECT * FROM suggestions_suggestion "
                "WHERE congress_id = %s AND number <> '' AND lead_id IS NOT NULL ORDER BY id "
                "LIMIT %s) s",
                [like.pk, EACH],
            )
            cursor.execute("DROP TABLE place")
    fresh_statistics()
    with across_congresses() as alias:
        return Suggestion.objects.using(alias).count()

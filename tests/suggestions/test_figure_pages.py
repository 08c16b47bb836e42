"""统计 at the staff's desk: every figure opens exactly its rows; who may look; what is exported."""

import io
import re

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.models import Role
from congress.tenancy import in_congress
from suggestions.models import Feedback, Suggestion
from suggestions.rules.figures import EVERY, FORMULAS, UNIT_FORMULAS
from tests import cast

from . import stage
from .year import ON, Maker, at

pytestmark = pytest.mark.django_db
HERE = "/admin/suggestions/figures/"
LINK = re.compile(r'href="(/admin/suggestions/figures/rows/\?[^"]+)"[^>]*>(\d+)<')
COUNT = re.compile(r"共 (\d+) ")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(at(ON), tick=False):
        yield


@pytest.fixture
def binhai(congress_of_year):
    return congress_of_year


@pytest.fixture
def clerk(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


def page(client, view="main", **more) -> str:
    response = client.get(HERE, {"view": view, **more})
    assert response.status_code == 200
    return response.content.decode()


def links(html: str) -> list[tuple[str, int]]:
    return [(url.replace("&amp;", "&"), int(n)) for url, n in LINK.findall(html)]


@pytest.mark.parametrize(
    ("view", "by"),
    [("all", ""), ("judged", ""), ("parts", "category"), ("parts", "unit"), ("parts", "deputy")],
)
def test_every_figure_opens_exactly_its_rows(clerk, view, by):
    found = links(page(clerk, view, by=by))
    assert len(found) > 10
    for url, number in found[:: max(1, len(found) // 8)]:
        if "f=F37" in url or "f=U04" in url:  # a mean of days
            continue
        rows = clerk.get(url).content.decode()
        assert int(COUNT.search(rows)[1]) == number, url


def test_numerator_denominator_and_what_lies_between(clerk):
    html = clerk.get(HERE + "rows/", {"f": "F32"}).content.decode()
    counts = [int(n) for n in re.findall(r'class="count">(\d+)<', html)]
    assert len(counts) == 3 and counts[0] + counts[2] == counts[1]
    rest = clerk.get(HERE + "rows/", {"f": "F32", "part": "rest"}).content.decode()
    assert f"共 {counts[2]} 件" in rest
    number = re.search(r">(5-[^<]+)<", rest)[1]
    one = clerk.get(HERE + "rows/", {"f": "F32", "part": "rest", "q": number}).content.decode()
    assert "共 1 件" in one


def test_every_formula_has_its_rows_page(clerk):
    for id in ("F58", "F80", "F81", "F82", *(f.id for f in (*FORMULAS, *UNIT_FORMULAS))):
        assert id in EVERY
        assert clerk.get(HERE + "rows/", {"f": id}).status_code == 200, id


@pytest.mark.parametrize("f", ["", "F99", "F83", "F59", "F79", "F78", "'; --", "U01x"])
def test_what_is_no_figure_is_not_found(clerk, f):
    assert clerk.get(HERE + "rows/", {"f": f, "at": "9:x", "key": "９"}).status_code == 404


def test_the_main_view_says_that_the_sums_agree(clerk):
    html = page(clerk)
    assert "都相符" in html
    assert "按时办复率" in html and "办成率和满意率" in html
    assert html.count("<svg") == 3


def test_a_row_that_disagrees_is_named_and_opened(clerk, binhai):
    with in_congress(binhai):
        row = Suggestion.objects.exclude(number="").exclude(state="withdrawn").first()
        Suggestion.objects.filter(pk=row.pk).update(category=None)
    html = page(clerk)
    assert "项合计不相符" in html and "没有分类" in html
    url = re.search(r'href="(/admin/suggestions/figures/check/[^"]+)"', html)[1]
    rows = clerk.get(url.replace("&amp;", "&")).content.decode()
    assert row.number in rows and "共 1 件" in rows


def test_the_years_stand_beside_each_other(clerk, binhai):
    with in_congress(binhai):
        maker = Maker(8, deputies=5)
        maker.year(10, sitting=maker.sitting_before)
    html = page(clerk, "years")
    assert "2025年" in html and "2026年" in html and "历年变化" in html


def test_a_year_and_a_term_may_be_asked_for(clerk):
    html = page(clerk)
    keys = re.findall(r'<option value="([syt]\d+)"', html)
    assert {k[0] for k in keys} == {"s", "y", "t"}
    for key in keys:
        assert page(clerk, of=key)
    assert "第十九届以来" in page(clerk, of=next(k for k in keys if k[0] == "t"))
    assert page(clerk, of="zzz", view="nonsense", by="nothing")  # falls back


def test_before_there_is_anything_the_page_says_what_will_be_here(shanyang, client_of):
    clerk = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert "还没有建议" in page(clerk)
    with in_congress(shanyang):
        stage.ready()
    assert "还没有建议" in page(clerk)


def test_the_workbook_has_every_table_and_both_numbers(clerk):
    response = clerk.get(HERE, {"export": "1"})
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert {"提出和受理", "答复", "办理结果类别", "按领衔代表", "核对"} <= set(book.sheetnames)
    heads = [c.value for c in book["答复"][3]]
    assert heads[:5] == ["编号", "指标", "分子", "分母", "结果"]
    line = next(r for r in book["答复"].iter_rows(values_only=True) if r[0] == "F30")
    assert 0 < line[2] <= line[3] and 0 < line[4] <= 100
    rows = clerk.get(HERE + "rows/", {"f": "F30", "export": "1"})
    assert len(list(openpyxl.load_workbook(io.BytesIO(rows.content)).active.rows)) == line[2] + 3


@pytest.mark.parametrize("role", [Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET])
def test_who_reads_figures(binhai, client_of, role):
    assert client_of(cast.member(binhai, role)).get(HERE).status_code == 200


@pytest.mark.parametrize(
    "role", [Role.DEPUTY, Role.HANDLING_UNIT, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN]
)
def test_who_does_not(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    for path in ("", "rows/?f=F30", "check/?check=numbers"):
        assert client.get(HERE + path).status_code == 403


def test_a_stranger_is_sent_to_sign_in(binhai, stranger_at):
    assert stranger_at(binhai).get(HERE).status_code == 302


def test_a_street_sees_no_judgement_by_name(binhai, client_of):
    """Judgements are seen by 代工委, the chairpersons and committees; a street counts them only."""
    street = client_of(cast.member(binhai, Role.STREET))
    assert street.get(HERE + "rows/", {"f": "F60"}).status_code == 404
    assert "f=F60" not in page(street, "all")
    with in_congress(binhai):
        assert Feedback.objects.exists()


def test_the_neighbour_reads_nothing_of_it(binhai, shanyang, client_of):
    with in_congress(shanyang):
        stage.ready()
    client = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert "还没有建议" in page(client)


def test_the_pages_ask_the_same_number_of_queries_for_few_and_many(shanyang, client_of):
    clerk = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    with in_congress(shanyang):
        stage.ready()
        maker = Maker(6)
        maker.year(4)
    asked = {"view": "parts", "by": "unit"}

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            clerk.get(HERE, asked)
            clerk.get(HERE + "rows/", {"f": "F06"})
        return len(found)

    count()
    few = count()
    with in_congress(shanyang):
        for n in range(50, 80):
            maker.one(n)
    assert count() == few

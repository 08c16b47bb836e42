"""The end of a year in the browser: the units' scores from the sheet to the frozen result, and the
yearly report, refused while its sums disagree, then printed, sealed and public."""

import base64
import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from pypdf import PdfReader

from congress.models import Role
from congress.tenancy import in_congress
from suggestions.models import ScoreResult, ScoreSheet, Suggestion, YearlyReport
from tests import cast
from tests.suggestions import stage, year

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A file as the browser of the person gets it.
FETCH = """async address => {
  const answer = await fetch(address);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let text = '';
  bytes.forEach(b => text += String.fromCharCode(b));
  return [answer.status, btoa(text)];
}"""
SCORES, REPORTS = "/admin/suggestions/scores/", "/admin/suggestions/reports/"
NEXT = year.ON + dt.timedelta(days=8)


@pytest.fixture
def clerk(binhai):
    with in_congress(binhai), stage.on(year.ON):
        stage.ready()
        maker = year.Maker(4)
        maker.year(10, sitting=maker.sitting_before)
        maker.year(30)
    return stage.clerk(binhai)


@pytest.fixture
def seen(shot, accessible):
    def look(page, name: str) -> None:
        shot(page, f"year-end-{name}")
        accessible(page)
        assert page.evaluate(OVERFLOW) <= 0

    return look


def fetched(page, address: str) -> bytes:
    status, content = page.evaluate(FETCH, address)
    assert status == 200, address
    return base64.b64decode(content)


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(p.extract_text() for p in pages).replace("\n", "")


def test_the_units_scores_go_from_the_sheet_to_the_frozen_result(binhai, clerk, at, seen):
    unit = cast.member(binhai, Role.HANDLING_UNIT)
    with stage.on(year.ON):
        desk = at(clerk, DESK)
        desk.goto(SCORES)
        desk.click("text=拟订考评表 >> nth=0")
        desk.click("button:has-text('下一步')")
        assert "请填写依据文件" in desk.inner_text("main")  # and no day yet
        desk.click("a:has-text('修改考评表')")
        desk.fill("#id_basis_document", "常发〔2026〕8号")
        desk.fill("#id_objections_until", (year.ON + dt.timedelta(days=7)).isoformat())
        desk.click("button:has-text('保存')")
        assert "按今天的数据预览" in desk.inner_text("main")
        seen(desk, "sheet-1366")
        desk.click("a:has-text('发各单位征求意见')")
        desk.click("button:has-text('发出')")
        assert "各单位只能看到自己的结果" in desk.inner_text("main")

        own = at(unit, PHONE)
        own.goto("/desk/scores/")
        own.click("a:has-text('工作考评')")
        assert unit.unit.name in own.inner_text("main")
        assert "名次" not in own.inner_text(".tiles")  # not before it is frozen
        seen(own, "own-390")
        own.click("a:has-text('提出意见')")
        own.select_option("#id_indicator", index=1)
        own.fill("#id_text", "第5-002号已于期限内送达，有签收单为证。")
        own.click("text=提交意见")
        assert "待处理" in own.inner_text("main")

        desk.reload()
        desk.click("a:has-text('处理')")
        assert "有签收单为证" in desk.inner_text("main")
        desk.check("input[name=upheld][value=yes]")
        desk.fill("#id_points", "1.5")
        desk.fill("#id_decision", "经核实，签收单属实，予以调整。")
        desk.click("button:has-text('保存')")
        assert "（+1.5分）" in desk.inner_text("main")
        desk.click("a:has-text('封存')")
        desk.click("button:has-text('封存')")
        assert "还没有结束" in desk.inner_text("body")  # others may still object

    with stage.on(NEXT):
        desk = at(clerk, DESK)
        desk.goto(SCORES)
        desk.click("th a")
        desk.click("a:has-text('封存')")
        desk.click("button:has-text('封存')")
        assert "已封存" in desk.inner_text("main")
        seen(desk, "frozen-1366")
        with in_congress(binhai):
            sheet = ScoreSheet.objects.get()
            result = ScoreResult.objects.get(unit=unit.unit)
        assert result.points == result.counted + Decimal("1.5")
        address = f"{SCORES}{sheet.pk}/"
        paper = text_of(fetched(desk, f"{address}?export=pdf"))
        book = openpyxl.load_workbook(io.BytesIO(fetched(desk, f"{address}?export=xlsx")))
        cells = [str(c.value) for row in book.worksheets[0].iter_rows() for c in row]
        assert unit.unit.name in paper and unit.unit.name in "".join(cells)
        own = at(unit, PHONE)
        own.goto("/desk/scores/")
        own.click("a:has-text('工作考评')")
        assert "名次" in own.inner_text(".tiles") and "予以调整" in own.inner_text("main")
        assert own.query_selector("a:has-text('提出意见')") is None


def test_a_report_is_refused_with_its_rows_then_printed_and_public(binhai, clerk, at, seen):
    with in_congress(binhai):
        wrong = Suggestion.objects.filter(state="closed").order_by("number").last()
        category = wrong.category_id
        Suggestion.objects.filter(pk=wrong.pk).update(category=None)
    with stage.on(year.ON):
        desk = at(clerk, DESK)
        desk.goto(REPORTS)
        made(desk)
        said = desk.inner_text("main")
        assert "没有生成" in said and wrong.number in said and "不相符" in said
        assert desk.query_selector("text=报告和表格") is None
        seen(desk, "refused-1366")
        desk.click(f"a:has-text('{wrong.number}')")
        assert wrong.title in desk.inner_text("main")

        with in_congress(binhai):
            Suggestion.objects.filter(pk=wrong.pk).update(category=category)
        desk.go_back()
        desk.click("a:has-text('重新生成')")
        made(desk, click=False)
        assert "内容与生成时一致" in desk.inner_text("main")
        seen(desk, "report-1366")
        with in_congress(binhai):
            row = YearlyReport.objects.select_related("document", "sheet").get(state="frozen")
        paper = text_of(fetched(desk, f"/files/{row.document.public_id}/"))
        registered = f"登记{row.content['figures']['F06']['words']}件"
        for words in ("一、基本情况", "四、代表评价", registered):
            assert words in paper, words
        book = openpyxl.load_workbook(io.BytesIO(fetched(desk, f"/files/{row.sheet.public_id}/")))
        assert {"建议一览表", "核对"} <= set(book.sheetnames)

        desk.click("a.btn:has-text('公开')")
        desk.click("main button:has-text('公开')")
        assert "已公开" in desk.inner_text("main")
        anyone = at(None, PHONE, binhai)
        anyone.goto("/suggestions/figures/")
        assert row.content["figures"]["F30"]["words"] in anyone.inner_text("main")
        anyone.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert "以免看出是谁怎样评价的" in anyone.inner_text("main")
        seen(anyone, "public-390")
        whole = anyone.get_attribute("a:has-text('看报告全文')", "href")
        assert whole == f"/suggestions/figures/{row.public_id}/"
        public = text_of(fetched(anyone, f"/files/{row.document.public_id}/"))
        assert "一、基本情况" in public and "以免看出是谁怎样评价的" in public


def made(desk, click: bool = True) -> None:
    """The report is asked for and has been counted."""
    if click:
        desk.click("text=生成年度报告 >> nth=0")
    desk.fill("#id_problems", "个别单位答复偏晚。")
    desk.click("button:has-text('核对并生成')")
    desk.wait_for_url(re.compile(r"/admin/suggestions/reports/\d+/$"), timeout=90000)

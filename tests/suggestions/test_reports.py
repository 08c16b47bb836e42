"""年度报告: printed only when its sums agree, frozen under a seal, then public."""

import io

import openpyxl
import pytest
import time_machine
from pypdf import PdfReader

from congress import files
from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from notices.models import Notice
from suggestions import actions
from suggestions.models import Category, Feedback, Suggestion, YearlyReport
from tests import cast

from . import stage
from .year import ON, Maker, at

pytestmark = pytest.mark.django_db
HERE = "/admin/suggestions/reports/"
TITLE = "关于滨海区人民代表大会代表建议、批评和意见办理情况的报告"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(at(ON), tick=False):
        yield


@pytest.fixture
def binhai(congress_of_year):
    return congress_of_year


@pytest.fixture
def maker(in_binhai, maker_of_year):
    return maker_of_year


def started(maker, **texts) -> YearlyReport:
    return actions.start_report(maker.sitting, by=maker.clerk, title=TITLE, texts=texts)


def made(maker, **texts) -> YearlyReport:
    return actions.make_report(started(maker, **texts), by=maker.clerk)


def text_of(content: bytes) -> str:
    return "".join(p.extract_text() for p in PdfReader(io.BytesIO(content)).pages).replace("\n", "")


def test_a_report_that_adds_up_is_printed_in_the_order_such_reports_have(maker):
    row = made(
        maker, opening="加强组织领导。", problems="个别单位答复偏晚。", next_steps="抓落实。"
    )
    assert (row.state, row.edition, row.faults) == ("frozen", 1, [])
    text = text_of(files.read(row.document))
    chapters = ["一、基本情况", "二、办理工作情况", "三、办理结果", "四、代表评价",
                "五、督办和公开", "六、存在的问题", "七、下一步工作", "附表"]  # fmt: skip
    places = [text.index(c) for c in chapters]
    assert places == sorted(places)
    figures = row.content["figures"]
    assert f"登记{figures['F06']['words']}件" in text
    assert f"办复率{figures['F30']['words']}" in text
    assert "加强组织领导。" in text and "抓落实。" in text
    for title in ("按分类", "办理结果类别", "代表评价（份）", "按代表团", "按承办单位（会办）"):
        assert title in text, title
    assert Notice.objects.filter(to=maker.clerk, title="年度报告已生成").count() == 1
    steps = LogEntry.objects.values_list("step", flat=True)
    assert {"suggestions.start_report", "suggestions.freeze_report"} <= set(steps)


def test_the_printed_report_tells_no_title_that_was_not_checked_and_no_single_judgement(maker):
    row = made(maker)
    text = text_of(files.read(row.document))
    for title in Suggestion.objects.values_list("title", flat=True):
        assert title not in text
    deputies = text[text.index("按领衔代表") :]
    assert "满意" not in deputies[: deputies.index("指标和怎样计算")]


def test_the_workbook_has_all_tables_the_list_and_the_checks(maker):
    row = made(maker)
    book = openpyxl.load_workbook(io.BytesIO(files.read(row.sheet)))
    assert {"提出和受理", "按分类", "建议一览表", "核对"} <= set(book.sheetnames)
    listed = list(book["建议一览表"].iter_rows(min_row=4, values_only=True))
    assert len(listed) == int(row.content["figures"]["F06"]["words"])


@pytest.mark.parametrize("fault", ["category", "paper"])
def test_a_report_whose_sums_do_not_agree_is_not_printed_and_names_the_rows(maker, fault):
    if fault == "category":
        wrong = Suggestion.objects.filter(state="closed").first()
        Suggestion.objects.filter(pk=wrong.pk).update(category=None)
    else:
        word = Feedback.objects.filter(
            state="given", superseded_at=None, assignment__role__in=["sole", "lead"],
            suggestion__state="closed",
        ).first()  # fmt: skip
        Feedback.objects.filter(pk=word.pk).update(
            on_behalf=True, scan=maker._scan(), entered_by=maker.clerk, confirmed_by=None
        )
        wrong = word.suggestion
    row = made(maker)
    assert (row.state, row.document, row.sheet, row.edition) == ("refused", None, None, 0)
    named = [r["pk"] for f in row.faults for r in f["rows"]]
    assert named == [wrong.pk]
    assert Notice.objects.filter(title="年度报告没有生成").exists()


def test_a_year_without_suggestions_is_refused(shanyang):
    with in_congress(shanyang):
        stage.ready()
        row = made(Maker(1))
    assert row.state == "refused" and "还没有建议" in row.faults[0]["title"]


def test_earlier_editions_stay_readable_when_the_rows_change(maker):
    first = made(maker)
    before = (first.manifest, files.read(first.document), first.content)
    gone = Suggestion.objects.filter(state="closed").first()
    Suggestion.objects.filter(pk=gone.pk).update(category=Category.objects.get(name="水利"))
    second = made(maker)
    first.refresh_from_db()
    assert (first.manifest, files.read(first.document), first.content) == before
    assert actions.report_faults(first) == []
    assert (first.edition, second.edition) == (1, 2)
    assert second.manifest != first.manifest


def test_a_report_changed_behind_its_back_is_noticed_and_not_published(maker):
    row = made(maker)
    content = row.content
    content["figures"]["F61"]["words"] = "12.34%"
    YearlyReport.objects.filter(pk=row.pk).update(content=content)
    row.refresh_from_db()
    assert actions.report_faults(row)
    with pytest.raises(NotAllowed, match="校验码"):
        actions.publish_report(row, by=maker.clerk)


def test_running_the_job_twice_makes_one_edition(maker):
    row = started(maker)
    actions.make_report(row, by=maker.clerk)
    again = actions.make_report(row, by=maker.clerk)
    assert again.edition == 1
    assert YearlyReport.objects.count() == 1


def test_only_one_report_of_a_year_is_made_at_a_time(maker):
    started(maker)
    with pytest.raises(NotAllowed, match="正在生成"):
        started(maker)


def test_only_the_committee_makes_and_publishes_reports(maker, in_binhai):
    chair = cast.member(in_binhai, Role.CHAIR)
    with pytest.raises(NotAllowed):
        actions.start_report(maker.sitting, by=chair, title=TITLE, texts={})
    row = made(maker)
    with pytest.raises(NotAllowed):
        actions.publish_report(row, by=chair)
    actions.publish_report(row, by=maker.clerk)
    with pytest.raises(NotAllowed, match="已经公开"):
        actions.publish_report(row, by=maker.clerk)


# -- Pages --------------------------------------------------------------------------------------


@pytest.fixture
def clerk(binhai, client_of):
    return client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS))


def test_a_report_is_made_in_the_background_from_the_page(binhai, maker, clerk, run_jobs):
    assert "还没有年度报告" in clerk.get(HERE).content.decode()
    form = clerk.get(HERE + "new/").content.decode()
    assert TITLE in form
    data = {"sitting": maker.sitting.pk, "title": TITLE, "opening": "领导重视。"}
    response = clerk.post(HERE + "new/", data)
    assert (
        response.status_code == 302
        and "/jobs/" in response["Location"]
        or "job" in response["Location"]
    )
    assert run_jobs(binhai) == 1
    row = YearlyReport.objects.get()
    html = clerk.get(f"{HERE}{row.pk}/").content.decode()
    assert "内容与生成时一致" in html and "按承办单位" in html and row.manifest in html
    frozen = clerk.get(f"{HERE}{row.pk}/rows/", {"f": "F30", "part": "of"}).content.decode()
    assert f"共 {len(row.content['figures']['F30']['of'])} 件" in frozen
    assert clerk.get(f"/files/{row.document.public_id}/").status_code in (200, 404)
    done = clerk.post(f"{HERE}{row.pk}/publish/")
    assert done.status_code == 302
    assert "已公开" in clerk.get(HERE).content.decode()


def test_a_refused_report_links_the_rows_that_disagree(binhai, maker, clerk):
    wrong = Suggestion.objects.filter(state="closed").first()
    Suggestion.objects.filter(pk=wrong.pk).update(category=None)
    row = made(maker)
    html = clerk.get(f"{HERE}{row.pk}/").content.decode()
    assert "没有生成" in html and wrong.number in html
    assert "/admin/suggestions/figures/check/" in html


def test_a_title_is_needed(maker, clerk):
    response = clerk.post(HERE + "new/", {"sitting": maker.sitting.pk, "title": ""})
    assert response.status_code == 422


def test_others_read_what_was_frozen_and_do_not_see_what_was_refused(binhai, maker, client_of):
    made(maker)
    YearlyReport.objects.create(
        sitting=maker.sitting, title="没有生成的", on=ON, state="refused", made_by=maker.clerk,
        faults=[{"title": "x", "says": "", "why": "", "rows": []}],
    )  # fmt: skip
    chair = client_of(cast.member(binhai, Role.CHAIR))
    html = chair.get(HERE).content.decode()
    assert TITLE in html and "没有生成的" not in html
    assert chair.get(HERE + "new/").status_code == 403
    unit = client_of(cast.member(binhai, Role.HANDLING_UNIT))
    assert unit.get(HERE).status_code == 403


def test_everybody_reads_a_published_report_and_no_other(binhai, maker, stranger_at):
    row = made(maker)
    stranger = stranger_at(binhai)
    page = f"/suggestions/figures/{row.public_id}/"
    assert stranger.get(page).status_code == 404
    assert not files.may_read(None, row.document)
    actions.publish_report(row, by=maker.clerk)
    row.refresh_from_db()
    html = stranger.get("/suggestions/figures/").content.decode()
    assert "办复率" in html and row.content["figures"]["F30"]["words"] in html
    assert str(row.public_id) in html
    assert stranger.get(page).status_code == 200
    assert files.may_read(None, row.document)
    assert not files.may_read(None, row.sheet)  # the list with its details stays inside


def test_before_anything_is_published_the_public_page_says_so(binhai, stranger_at):
    assert "还没有公开" in stranger_at(binhai).get("/suggestions/figures/").content.decode()


def test_the_neighbour_sees_no_report(maker, shanyang, client_of, stranger_at):
    row = made(maker)
    actions.publish_report(row, by=maker.clerk)
    client = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    assert client.get(f"{HERE}{row.pk}/").status_code == 404
    assert stranger_at(shanyang).get(f"/suggestions/figures/{row.public_id}/").status_code == 404
    with in_congress(shanyang):
        assert not YearlyReport.objects.exists()

"""A duty reported with a picture, reviewed by the street, verified by another person."""

import datetime as dt
import io

from PIL import Image, ImageDraw

from congress.models import Role
from congress.tenancy import in_congress
from performance.models import DutyRecord, SelfReport
from tests import cast
from tests.performance import year

from .conftest import DESK, PHONE
from .test_my_performance import deputy, fits

__all__ = ["deputy"]
TITLE = "到湖滨社区养老服务站参加志愿服务，帮助二十位老人办理优待证"
LOADED = "img => { img.loading = 'eager'; return img.decode().then(() => img.naturalWidth) }"


def picture() -> dict:
    out, image = io.BytesIO(), Image.new("RGB", (1600, 1200), (214, 226, 236))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 820, 1600, 1200), fill=(120, 150, 110))
    pen.rectangle((420, 380, 1180, 900), fill=(180, 90, 70))
    pen.polygon(((380, 380), (800, 120), (1220, 380)), fill=(90, 50, 45))
    image.save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def reported(phone) -> None:
    phone.goto("/me/performance/reports/")
    phone.click("text=申报履职 >> nth=0")
    phone.click("text=参加公益志愿服务")
    phone.fill("input[name=on]", dt.date.today().isoformat())
    phone.fill("textarea[name=title]", TITLE)
    phone.set_input_files("input[type=file]", picture())
    phone.click("button:has-text('下一步')")
    phone.wait_for_selector("text=请核对")


def test_a_picture_is_seen_by_those_who_judge_it(binhai, deputy, at, shot, accessible):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    reported(phone)
    assert phone.locator(".picture img").evaluate(LOADED) > 0
    shot(phone, "self-1-check-390")
    accessible(phone)
    fits(phone)
    phone.click("button:has-text('提交')")
    phone.wait_for_selector("text=申报已提交")

    street = at(cast.member(binhai, Role.STREET), DESK)
    street.goto("/admin/performance/selfreport/")
    assert street.locator("td .picture img").evaluate(LOADED) == 160
    shot(street, "self-2-list")
    accessible(street)
    street.click("table a:has-text('养老服务站')")
    street.wait_for_selector("text=办理经过")
    shot(street, "self-3-report")
    accessible(street)
    fits(street)
    street.click("a.btn:has-text('初审通过')")
    assert street.locator(".picture img").evaluate(LOADED) == 960
    shot(street, "self-4-review")
    accessible(street)
    street.click("button:has-text('初审通过')")
    street.wait_for_selector("text=初审已通过，等待代工委复核")
    assert street.locator("a.btn:has-text('复核通过')").count() == 0

    with in_congress(binhai):
        report, keeper = SelfReport.objects.get(), year.keeper()
    small = at(keeper, PHONE)
    small.goto(f"/admin/performance/selfreport/{report.pk}/change/")
    shot(small, "self-5-verify-390")
    accessible(small)
    fits(small)
    small.click("a.btn:has-text('复核通过')")
    small.click("button:has-text('复核通过')")
    small.wait_for_selector("text=已计入履职记录")
    with in_congress(binhai):
        report.refresh_from_db()
        assert report.record == DutyRecord.objects.get(title=TITLE)
        assert report.reviewed_by != report.verified_by
    phone.goto(f"/me/performance/records/{report.record_id}/")
    assert phone.locator(".picture img").evaluate(LOADED) > 0
    shot(phone, "self-6-record-390")
    accessible(phone)
    fits(phone)


def test_who_reviewed_may_not_verify(binhai, deputy, at, shot):
    phone = at(cast.member(binhai, Role.DEPUTY), PHONE)
    reported(phone)
    phone.click("button:has-text('提交')")
    phone.wait_for_selector("text=申报已提交")
    with in_congress(binhai):
        report, one, other = SelfReport.objects.get(), year.keeper(), year.second_keeper()
    first, second = at(one, DESK), at(other, DESK)
    page = f"/admin/performance/selfreport/{report.pk}/"
    first.goto(f"{page}change/")
    first.click("a.btn:has-text('初审通过')")
    first.click("button:has-text('初审通过')")
    first.wait_for_selector("text=您已初审，要由另一位同志复核")
    shot(first, "self-7-not-the-same")
    assert first.locator("a.btn:has-text('复核通过')").count() == 0
    answer = first.goto(f"{page}step/verify/")
    assert answer.status in (403, 404, 409)
    second.goto(f"{page}change/")
    second.click("a.btn:has-text('复核通过')")
    second.click("button:has-text('复核通过')")
    second.wait_for_selector("text=已计入履职记录")

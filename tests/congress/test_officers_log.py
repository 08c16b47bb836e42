"""The audit administrator's log, the system administrator's settings and jobs."""

import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from congress import actions, audit, outbox
from congress.models import Congress, Job, LogEntry, Role, StoredFile
from congress.tenancy import in_congress
from congress.xlsx import read
from tests import cast

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
LOG = "/admin/congress/logentry/"
JOBS = "/admin/congress/job/"
SETTINGS = "/admin/congress/settings/"


@pytest.fixture
def auditor(binhai, client_of):
    return client_of(cast.member(binhai, Role.AUDIT_ADMIN))


@pytest.fixture
def keeper(binhai, client_of):
    return client_of(cast.member(binhai, Role.SYSTEM_ADMIN))


def words(response) -> str:
    return response.content.decode()


def note(congress, text: str, by: Role = Role.DEPUTY_AFFAIRS, step: str = "congress.add_member"):
    with in_congress(congress):
        return audit.record(cast.member(congress, by), step, note=text)


# -- The log -----------------------------------------------------------------------------------


def test_the_log_says_who_did_what_in_words(binhai, auditor):
    note(binhai, "新来的同志")
    page = words(auditor.get(LOG))
    assert "代玉珍" in page and "添加成员" in page and "新来的同志" in page
    assert "congress.add_member</" not in page


def test_a_refusal_is_told_without_technical_words(binhai, auditor, client_of):
    client_of(cast.member(binhai, Role.DEPUTY)).get(LOG)
    with in_congress(binhai):
        row = LogEntry.objects.get(step="congress.refuse")
    page = words(auditor.get(f"{LOG}{row.pk}/change/"))
    assert "打开时：没有权限" in page and f"<code>{LOG}</code>" in page and "GET" not in page


def test_the_log_is_filtered_by_step_role_outcome_and_words(binhai, auditor):
    note(binhai, "甲件")
    note(binhai, "乙件", by=Role.SYSTEM_ADMIN, step="congress.end_membership")
    for asked, there in (
        ({"step": "congress.end_membership"}, "乙件"),
        ({"role": "system_admin"}, "乙件"),
        ({"q": "甲件"}, "甲件"),
    ):
        page = words(auditor.get(LOG, asked))
        assert there in page and ({"甲件", "乙件"} - {there}).pop() not in page.split("<tbody>")[1]
    assert "没有符合条件的日志" in words(auditor.get(LOG, {"outcome": "refused"}))


def test_the_log_shows_thirty_days_unless_asked(binhai, auditor):
    with time_machine.travel("2026-01-05 10:00+08:00", tick=False):
        note(binhai, "旧件")
    assert "旧件" not in words(auditor.get(LOG))
    assert "旧件" in words(auditor.get(LOG, {"since": "2026-01-05", "until": "2026-01-05"}))
    assert "旧件" not in words(auditor.get(LOG, {"since": "2026-01-06", "until": "2026-01-07"}))


def test_before_and_after_stand_side_by_side(binhai, auditor):
    with in_congress(binhai):
        actions.change_names(
            by=cast.member(binhai, Role.SYSTEM_ADMIN),
            name="滨海新区人民代表大会",
            standing_committee_name=binhai.standing_committee_name,
            short_name=binhai.short_name,
        )
        row = LogEntry.objects.get(step="congress.change_names")
    page = words(auditor.get(f"{LOG}{row.pk}/change/"))
    assert "滨海区人民代表大会<" in page and "滨海新区人民代表大会" in page


def test_the_export_holds_what_is_shown_and_is_logged(binhai, auditor):
    note(binhai, "=cmd|'/c calc'")
    sent = auditor.get(LOG, {"q": "cmd", "export": "1"})
    sheet = read(sent.content, "x.xlsx")[0]
    assert [r[-1] for r in sheet.rows if "cmd" in str(r[-1])] == ["=cmd|'/c calc'"]
    with in_congress(binhai):
        assert LogEntry.objects.get(step="congress.export_log").after == {"条数": 1}


def test_the_chain_is_verified_in_the_background(binhai, auditor, run_jobs):
    note(binhai, "一件")
    assert "还没有核验过" in words(auditor.get(LOG))
    auditor.post("/admin/congress/log/verify/")
    auditor.post("/admin/congress/log/verify/")
    with in_congress(binhai):
        assert Job.objects.filter(task="congress.verify_log").count() == 1
    assert "正在核验" in words(auditor.get(LOG))
    assert run_jobs(binhai) == 1
    assert "完整，没有被改动" in words(auditor.get(LOG))


def test_a_changed_row_is_found(binhai, auditor, run_jobs, monkeypatch):
    note(binhai, "一件")
    monkeypatch.setattr(audit, "chain_hash", lambda entry: "0" * 64)
    auditor.post("/admin/congress/log/verify/")
    run_jobs(binhai)
    page = words(auditor.get(LOG))
    assert "核验发现问题" in page and "内容被改动" in page


@pytest.mark.parametrize("role", [r for r in Role if r != Role.AUDIT_ADMIN])
def test_the_log_is_the_audit_administrators_alone(binhai, client_of, role):
    row = note(binhai, "一件")
    client = client_of(cast.member(binhai, role))
    for address in (LOG, f"{LOG}{row.pk}/change/", "/admin/congress/log/verify/"):
        assert client.get(address).status_code == 403


def test_the_log_of_the_neighbour_is_not_there(binhai, shanyang, auditor):
    row = note(shanyang, "山阳的事")
    assert auditor.get(f"{LOG}{row.pk}/change/").status_code == 404
    assert "山阳的事" not in words(auditor.get(LOG))


def test_nobody_writes_the_log_by_hand(binhai, auditor):
    row = note(binhai, "一件")
    for address in (f"{LOG}add/", f"{LOG}{row.pk}/delete/"):
        assert auditor.post(address, {"post": "yes"}).status_code == 403
    assert auditor.post(LOG, {"action": "delete_selected"}).status_code in (200, 403)
    with in_congress(binhai):
        assert LogEntry.objects.filter(pk=row.pk).exists()


def test_a_long_log_costs_no_more_queries(binhai, auditor):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert auditor.get(LOG).status_code == 200
        return len(seen)

    note(binhai, "一件")
    few = queries()
    for n in range(30):
        note(binhai, f"{n}件")
    assert queries() == few


# -- Jobs --------------------------------------------------------------------------------------


@pytest.fixture
def failed(binhai, run_jobs, monkeypatch):
    """A job that was refused, and works the second time."""
    from congress.flow import NotAllowed

    turns = []

    def work(run):
        turns.append(1)
        if len(turns) == 1:
            raise NotAllowed("名册里有两个同名的人")
        return {}

    monkeypatch.setitem(outbox._TASKS, "t.twice", work)
    with in_congress(binhai):
        job = outbox.enqueue("t.twice", by=cast.member(binhai, Role.DEPUTY_AFFAIRS), title="导入")
    run_jobs(binhai)
    return job


def test_a_failed_job_says_why_and_is_begun_anew(binhai, keeper, failed, run_jobs):
    assert "名册里有两个同名的人" in words(keeper.get(JOBS, {"state": "failed"}))
    address = f"{JOBS}{failed.pk}/change/"
    assert keeper.post(address).status_code == 302
    assert "排队" in words(keeper.get(address))
    assert run_jobs(binhai) == 1
    assert "已完成" in words(keeper.get(address))
    assert keeper.post(address).status_code == 409
    with in_congress(binhai):
        assert LogEntry.objects.filter(step="congress.retry_job").count() == 1


def test_staff_see_the_jobs_they_began(binhai, client_of, failed):
    assert "导入" in words(client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS)).get(JOBS))
    other = client_of(cast.second(binhai))
    assert "还没有后台任务" in words(other.get(JOBS))
    assert other.post(f"{JOBS}{failed.pk}/change/").status_code == 404


def test_a_job_of_the_neighbour_is_not_there(failed, shanyang, client_of):
    client = client_of(cast.member(shanyang, Role.SYSTEM_ADMIN))
    assert client.post(f"{JOBS}{failed.pk}/change/").status_code == 404


# -- Settings ----------------------------------------------------------------------------------


def test_names_are_changed(binhai, keeper):
    form = {
        "name": "滨海新区人民代表大会",
        "standing_committee_name": "滨海新区人大常委会",
        "short_name": "新区人大",
    }
    assert keeper.post(f"{SETTINGS}names/", form).status_code == 302
    assert Congress.objects.get(pk=binhai.pk).short_name == "新区人大"
    assert "新区人大" in words(keeper.get(SETTINGS))


@pytest.mark.parametrize("typed", ["http://rd.cn/", "10.0.0.1", "rd.cn:8000", "中文"])
def test_what_is_no_host_is_refused_beside_the_field(binhai, keeper, typed):
    page = keeper.post(f"{SETTINGS}hosts/", {"hosts": f"rd.binhai.gov.cn\n{typed}"})
    assert page.status_code == 422 and "不是主机名" in words(page)
    assert not binhai.hosts.exists()


def test_a_host_of_the_neighbour_is_refused_beside_the_field(binhai, shanyang, keeper):
    shanyang.hosts.create(host="rd.shanyang.gov.cn")
    page = keeper.post(f"{SETTINGS}hosts/", {"hosts": "rd.shanyang.gov.cn"})
    assert page.status_code == 422 and "已属于另一个人大" in words(page)
    assert keeper.post(f"{SETTINGS}hosts/", {"hosts": "rd.binhai.gov.cn"}).status_code == 302
    assert [h.host for h in binhai.hosts.all()] == ["rd.binhai.gov.cn"]


def test_words_and_features_are_kept_and_taken_back(binhai, keeper, stranger_at):
    texts = {"intro": "欢迎监督", "sign_in_hint": "", "filing_number": "津备001号"}
    assert keeper.post(f"{SETTINGS}texts/", texts).status_code == 302
    assert keeper.post(f"{SETTINGS}features/", {"ranking": "on"}).status_code == 302
    assert Congress.objects.get(pk=binhai.pk).settings == {
        "intro": "欢迎监督",
        "filing_number": "津备001号",
        "ranking": True,
    }
    assert "津备001号" in words(stranger_at(binhai).get("/"))
    assert keeper.post(f"{SETTINGS}features/", {}).status_code == 302
    assert "ranking" not in Congress.objects.get(pk=binhai.pk).settings


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    return SimpleUploadedFile("guohui.png", out.getvalue())


def test_an_emblem_is_shown_to_everybody_while_it_is_set(binhai, keeper, stranger_at):
    bad = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")
    assert keeper.post(f"{SETTINGS}features/", {"emblem": bad}).status_code == 422
    assert keeper.post(f"{SETTINGS}features/", {"emblem": picture()}).status_code == 302
    with in_congress(binhai):
        file = StoredFile.objects.get()
    address = f"/files/{file.public_id}/"
    assert address in words(stranger_at(binhai).get("/"))
    assert stranger_at(binhai).get(address).status_code == 200
    keeper.post(f"{SETTINGS}features/", {"no_emblem": "on"})
    assert stranger_at(binhai).get(address).status_code == 404


def test_what_the_deployment_sets_is_shown(keeper, settings):
    settings.STAFF_TOTP, settings.PASSWORD_PROFILE = "optional", "asvs"
    page = words(keeper.get(SETTINGS))
    assert "至少 12 位" in page and "自愿开通" in page and "连续 5 次锁定 15 分钟" in page


@pytest.mark.parametrize("role", [r for r in Role if r not in (
    Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS)])  # fmt: skip
def test_settings_are_not_everybodys(binhai, client_of, role):
    client = client_of(cast.member(binhai, role))
    for part in ("", "names/", "hosts/", "texts/", "features/"):
        assert client.get(f"{SETTINGS}{part}").status_code == 403

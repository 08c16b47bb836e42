"""One suggestion the whole long way, each step by the person who takes it, in the browser: signed
together, sent back once, handed to three units of which one gives it back, put off, answered with
promises, judged unhappy, answered again, watched, published, a promise kept the year after."""

import datetime as dt

import pytest

from congress.models import Meeting, Membership, Role
from congress.tenancy import in_congress
from suggestions.models import Assignment, AssignmentBatch, Category, LikelyUnit, Reply, Suggestion
from tests import cast
from tests.suggestions import stage

from .conftest import DESK, PHONE

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LIST = "/admin/suggestions/suggestion/"
TITLE = "关于在湖滨社区加装电梯并整修通道的建议"
# What the page of the suggestion tells in the end, in this order.
STORY = [
    ("提交", "代表甲"), ("退回修改", "请写明是哪几栋楼"), ("联名确认", "代表乙、代表丙"),
    ("修改后提交", "代表甲"), ("审查通过", "同意提交"), ("登记编号", "5-001"),
    ("交办", "住房和城乡建设局（主办）"), ("签收", "滨海区财政局"),
    ("同意退办", "电梯安全监管属市场监管局职责"), ("交办", "滨海区市场监管局（会办）"),
    ("提交会办意见", "滨海区财政局"), ("沟通（面谈）", "代表同意分两批实施。（已确认）"),
    ("同意延期答复", "延至2026年6月30日"), ("答复", "B类"), ("评价", "结果不满意"),
    ("决定重新办理", "落实资金"), ("列入重点督办", "朱仁民领衔"), ("现场督办", "首批六部已经进场"),
    ("重点督办结束", "资金到位"), ("沟通（面谈）", "带来工期表"), ("答复（第2次办理）", "A类"),
    ("评价", "结果满意"), ("办结", ""),
    ("公开建议", ""), ("公开答复", ""), ("承诺：落实情况报告", "整修六栋楼的通道"),
    ("承诺已落实", "整修六栋楼的通道"),
]  # fmt: skip
D = dt.date
ON = {
    "written": stage.SITTING, "handed_over": D(2026, 2, 2), "returned": D(2026, 2, 4),
    "opinions": D(2026, 2, 24), "talk": D(2026, 3, 10), "put_off": D(2026, 4, 20),
    "answered": D(2026, 6, 10), "judged": D(2026, 6, 15), "key": D(2026, 6, 25),
    "talk_again": D(2026, 7, 6), "again": D(2026, 7, 8), "judged_again": D(2026, 7, 10),
    "public": D(2026, 7, 20), "kept": D(2027, 6, 22),
}  # fmt: skip


class Way:
    """The people of the story, and a browser for each of them on a day."""

    def __init__(self, congress, at, shot, accessible):
        self.congress, self.at = congress, at
        self.shot, self.accessible = shot, accessible
        self.clerk, self.second = stage.clerk(congress), cast.second(congress)
        self.committee = cast.member(congress, Role.COMMITTEE)
        with in_congress(congress):
            stage.ready(pre_review_steps=["street"], feedback_from="lead")
            self.housing = cast.member(congress, Role.HANDLING_UNIT)
            self.finance = stage.unit("财政局")[1]
            self.planning = stage.unit("自然资源局")[1]
            self.market = stage.unit("市场监管局")[1]
            LikelyUnit.objects.create(
                category=Category.objects.get(name="物业管理"), unit=self.housing.unit
            )
            self.people = stage.people(3)
            for deputy, name in zip(self.people, ("代表甲", "代表乙", "代表丙"), strict=True):
                deputy.name = name
                deputy.save()

    @property
    def row(self) -> Suggestion:
        with in_congress(self.congress):
            return Suggestion.objects.get()

    def task(self, who: Membership) -> Assignment:
        with in_congress(self.congress):
            return stage.task_of(Suggestion.objects.get(), who.unit)

    def phone(self, n: int, address: str = "/me/suggestions/"):
        """A deputy's phone, at an address."""
        page = self.at(self.people[n].membership, PHONE)
        page.goto(address)
        return page

    def desk(self, member: Membership, address: str, size: dict = DESK):
        page = self.at(member, size)
        page.goto(address)
        return page

    def unit(self, member: Membership):
        return self.desk(member, f"/desk/tasks/{self.task(member).pk}/")

    def seen(self, page, name: str) -> None:
        """A picture, open to everybody, nothing wider than the screen."""
        self.shot(page, f"long-{name}")
        self.accessible(page)
        assert page.evaluate(OVERFLOW) <= 0


@pytest.fixture
def way(binhai, at, shot, accessible):
    return Way(binhai, at, shot, accessible)


def fill(page, **values) -> None:
    for name, value in values.items():
        page.fill(f"#id_{name}", value)


def said(page, words: str) -> None:
    """The page says so after a step."""
    assert words in page.inner_text("main"), page.inner_text("main")[:600]


def test_one_suggestion_goes_the_whole_long_way(way):
    with stage.on(ON["written"], 9):
        written_and_signed(way)
    with stage.on(ON["written"], 10):
        sent_back(way)
    with stage.on(ON["written"], 11):
        signed_again(way)
    with stage.on(ON["written"], 14):
        registered(way)
    with stage.on(ON["handed_over"]):
        handed_over(way)
    with stage.on(ON["returned"]):
        one_unit_gives_it_back(way)
    with stage.on(ON["opinions"]):
        joint_opinions(way)
    with stage.on(ON["talk"]):
        a_talk_is_confirmed_on_the_phone(way)
    with stage.on(ON["put_off"]):
        put_off(way)
    with stage.on(ON["answered"]):
        answered(way, "B", promises=True)
    with stage.on(ON["judged"]):
        judged(way, "unsatisfied")
        handled_again(way)
    with stage.on(ON["key"]):
        key_supervision(way)
    with stage.on(ON["talk_again"]):
        a_talk_is_confirmed_on_the_phone(way, "带来工期表，逐栋说明，代表同意。")
    with stage.on(ON["again"]):
        answered(way, "A", promises=False)
    with stage.on(ON["judged_again"]):
        judged(way, "satisfied")
    with stage.on(ON["public"]):
        published(way)
    with stage.on(ON["kept"]):
        a_promise_is_kept(way)
        the_page_tells_it_all(way)


def written_and_signed(way) -> None:
    phone = way.phone(0)
    phone.click("text=提建议 >> nth=0")
    fill(phone, title=TITLE, situation=stage.SITUATION, request_1=stage.REQUESTS[0],
         request_2=stage.REQUESTS[1])  # fmt: skip
    phone.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    phone.check("input[name=may_publish_text][value=yes]")
    phone.check("input[name=may_publish_reply][value=yes]")
    phone.click("text=下一步：检查")
    phone.click("text=邀请联名")
    for deputy in way.people[1:]:
        phone.click(f"label:has-text('{deputy.name}')")
    phone.click("text=邀请勾选的代表")
    co_signers_agree(way)
    phone.goto(f"/me/suggestions/{way.row.pk}/check/")
    phone.click("button:has-text('提交')")
    said(phone, "提交")


def co_signers_agree(way) -> None:
    for n in (1, 2):
        other = way.phone(n)
        other.click("text=邀请您联名")
        other.click("text=同意联名")
        said(other, "您已确认联名")


def sent_back(way) -> None:
    street = way.desk(cast.member(way.congress, Role.STREET), LIST)
    street.click(f"th a:has-text('{TITLE}')")
    street.click("a:has-text('退回修改')")
    fill(street, opinion="请写明是哪几栋楼，便于承办单位实地了解。")
    street.click("button:has-text('退回修改')")
    said(street, "已退回")


def signed_again(way) -> None:
    phone = way.phone(0, f"/me/suggestions/{way.row.pk}/")
    said(phone, "请写明是哪几栋楼")
    way.seen(phone, "sent-back-390")
    phone.click("text=继续写")
    fill(phone, situation=stage.SITUATION + "其中湖滨路3号至9号的六栋最为集中。")
    phone.click("text=下一步：检查")
    assert phone.inner_text("main").count("待重新确认") == 2
    said(phone, "请代表乙、代表丙阅读改后的全文")
    way.seen(phone, "changed-390")
    co_signers_agree(way)
    phone.reload()
    with stage.on(ON["written"], 12):
        phone.click("button:has-text('提交')")
        said(phone, "提交")
    with stage.on(ON["written"], 13):
        street = way.desk(cast.member(way.congress, Role.STREET), f"{LIST}{way.row.pk}/change/")
        street.click("a:has-text('初审通过')")
        street.click("button:has-text('初审通过')")
        said(street, "转入下一环节")


def registered(way) -> None:
    desk = way.desk(way.clerk, f"{LIST}{way.row.pk}/change/")
    desk.click("a:has-text('登记编号')")
    desk.select_option("#id_category", label="物业管理")
    for box in desk.query_selector_all("input[name=checked]"):
        box.check()
    desk.click("button:has-text('登记编号')")
    said(desk, "已登记，编号 5-001")


def handed_over(way) -> None:
    desk = way.desk(way.clerk, "/admin/suggestions/batches/new/")
    fill(desk, title="区十九届人大五次会议代表建议交办会", document_number="滨人代函〔2026〕3号")
    desk.click("button:has-text('建立')")
    desk.click("button:has-text('全部放入')")
    desk.click(f"th a:has-text('{TITLE}')")
    desk.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    desk.select_option("#id_role_1", "lead")
    for n, who in ((2, way.finance), (3, way.planning)):
        desk.select_option(f"#id_unit_{n}", label=who.unit.name)
        desk.select_option(f"#id_role_{n}", "joint")
    desk.click("text=保存拟定意见")
    with in_congress(way.congress):
        batch = AssignmentBatch.objects.get().pk
    other = way.desk(way.second, f"/admin/suggestions/batches/{batch}/check/?ticked=1")
    other.click("text=所选核对无误")
    said(other, "已核对1件")
    desk.goto(f"/admin/suggestions/batches/{batch}/hand-over/")
    desk.click("button:has-text('确认交办 1 件')")
    desk.wait_for_url(f"**/batches/{batch}/")
    for who in (way.housing, way.finance):
        unit = way.unit(who)
        unit.click("a.btn:has-text('签收')")
        unit.click("button:has-text('签收')")
        said(unit, "已签收")


def one_unit_gives_it_back(way) -> None:
    unit = way.unit(way.planning)
    unit.click("a.btn:has-text('申请退办')")
    fill(unit, explanation="电梯的质量安全由市场监管部门负责。",
         legal_basis="三定规定第二条第三项", approved_by_head="局长邓某")  # fmt: skip
    unit.select_option("#id_proposed_unit", str(way.market.unit_id))
    way.seen(unit, "return-1366")
    unit.click("main button[type=submit]")
    desk = way.desk(way.clerk, "/admin/suggestions/rulings/")
    desk.click(f"th a:has-text('{TITLE}')")
    desk.check("input[name=accept][value=yes]")
    fill(desk, decision="电梯安全监管属市场监管局职责。")
    desk.click("button:has-text('提交决定')")
    said(desk, "法定期限不变")
    new = way.unit(way.market)
    new.click("a.btn:has-text('签收')")
    new.click("button:has-text('签收')")


def joint_opinions(way) -> None:
    for who, words in (
        (way.finance, "补助资金已列入今年预算。"),
        (way.market, "安装前后各检验一次。"),
    ):
        unit = way.unit(who)
        unit.click("a.btn:has-text('提交会办意见')")
        fill(unit, text=f"经研究，提出会办意见如下：{words}", signer="局长某")
        unit.click("main button[type=submit]")
        said(unit, words)


def a_talk_is_confirmed_on_the_phone(way, words="到现场察看六栋楼，代表同意分两批实施。") -> None:
    unit = way.unit(way.housing)
    unit.click("a.btn:has-text('登记沟通')")
    unit.select_option("#id_mode", "face")
    fill(unit, place="湖滨社区居委会", who="副局长程某、科长李某",
         opinions=words)  # fmt: skip
    for box in unit.query_selector_all("input[name=deputies]"):
        box.check()
    unit.click("main button[type=submit]")
    phone = way.phone(0)
    phone.click("text=确认沟通 >> nth=0")
    phone.click("label:has-text('属实') >> nth=0")
    phone.click("text=提交")


def put_off(way) -> None:
    unit = way.unit(way.housing)
    unit.click("a.btn:has-text('申请延期')")
    fill(unit, progress="六栋楼的管线须先行迁改，四月底前不能完成勘察。", to_on="2026-06-30",
         deputy_told_on="2026-04-18")  # fmt: skip
    way.seen(unit, "extension-1366")
    unit.click("main button[type=submit]")
    desk = way.desk(way.clerk, f"{LIST}{way.row.pk}/change/")
    desk.click("a:has-text('的延期申请')")
    desk.check("input[name=agrees][value=yes]")
    desk.click("main button[type=submit]")
    said(desk, "已同意延期")


def answered(way, mark: str, promises: bool) -> None:
    unit = way.unit(way.housing)
    unit.click("a.btn:has-text('拟写答复')")
    with in_congress(way.congress):
        wanted = str(stage.klass(mark).pk)
    unit.select_option("#id_result_class", wanted)
    unit.select_option("#id_publicity", "full")
    fill(unit, document_number="滨建函〔2026〕12号", point_1="已列入今年计划，分两批实施。",
         point_2="审批环节减为三个。", text="收悉您提出的建议后，我们会同财政局、市场监管局到现场"
         "作了调查，现将办理情况答复如下。")  # fmt: skip
    if promises:
        unit.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        fill(unit, promise_1="首批加装电梯六部", criterion_1="通过验收并投入使用",
             responsible_1="副局长李某", due_1="2026-12-31", promise_2="整修六栋楼的通道",
             criterion_2="无障碍通行", responsible_2="副局长李某", due_2="2027-06-30")  # fmt: skip
        way.seen(unit, "reply-1366")
    unit.click("text=保存答复稿")
    unit.click("a.btn:has-text('签发')")
    fill(unit, signer="局长程某")
    unit.click("main button:has-text('签发')")
    said(unit, "答复已签发")
    unit.click("a.btn:has-text('送达答复')")
    unit.click("button:has-text('确认送达')")
    said(unit, "已登记送达")


def judged(way, result: str) -> None:
    """The lead judges the leading unit by result, the two others happy with all."""
    phone = way.phone(0, f"/me/suggestions/{way.row.pk}/")
    said(phone, "逐条答复")
    way.seen(phone, f"answered-{result}-390")
    phone.click("text=去评价")
    for _ in range(3):
        phone.check("input[name=d0][value=satisfied]")
        is_lead = way.housing.unit.name in phone.inner_text("h1")
        value = result if is_lead else "satisfied"
        phone.check(f"input[name=d1][value={value}]")
        if value == "unsatisfied":
            fill(phone, opinion="电梯至今没有开工，通道仍然堆物。")
        phone.click("text=提交评价")
    said(phone, "评价已提交")


def handled_again(way) -> None:
    desk = way.desk(way.clerk, f"/admin/suggestions/judging/{way.row.pk}/")
    said(desk, "电梯至今没有开工")
    desk.click("a:has-text('重新办理')")
    fill(desk, opinion="落实资金，排出工期，当面向代表说明。")
    desk.click("text=通知承办单位重办")
    said(desk, "已通知承办单位重新办理")


def key_supervision(way) -> None:
    with in_congress(way.congress):
        Meeting.objects.create(
            kind="chairpersons", number=12, title="第十二次主任会议", held_on=D(2026, 6, 24)
        )
    desk = way.desk(way.clerk, f"/admin/suggestions/{way.row.pk}/supervise/")
    desk.select_option("#id_committee", str(way.committee.unit_id))
    fill(desk, plan="七月到现场督办，听取承办单位汇报。")
    desk.click("button:has-text('提出')")
    desk.click("text=登记主任会议的决定")
    desk.select_option("#id_meeting", index=1)
    with in_congress(way.congress):
        prefix = f"#id_k{Suggestion.objects.get().supervisions.get().pk}"
    desk.select_option(f"{prefix}-leader", label="朱仁民")
    desk.click("button:has-text('登记')")
    said(desk, "1 件列为重点督办")

    chair = way.desk(cast.member(way.congress, Role.CHAIR), "/admin/suggestions/keys/", PHONE)
    chair.click(f"a:has-text('{TITLE}')")
    chair.click("text=登记督办情况")
    fill(chair, text="到湖滨社区现场察看，首批六部已经进场施工。", names="代表甲")
    chair.click("button:has-text('登记')")
    way.seen(chair, "key-390")

    desk = way.desk(way.committee, "/admin/suggestions/keys/")
    desk.click(f"a:has-text('{TITLE}')")
    desk.click("a:has-text('结束督办')")
    fill(desk, result="资金到位，首批六部进场施工，工期公示上墙。")
    desk.check("input[name=rating][value=好]")
    desk.click("main button:has-text('结束督办')")
    said(desk, "督办已结束")


def published(way) -> None:
    desk = way.desk(way.clerk, f"/admin/suggestions/publishing/{way.row.pk}/")
    with in_congress(way.congress):
        last = Reply.objects.filter(state="served").latest("round").pk
    for address in (f"{way.row.pk}/text/", f"replies/{last}/"):
        desk.goto(f"/admin/suggestions/publishing/{address}")
        for name in ("secrecy_checked", "privacy_checked", "stability_checked"):
            desk.check(f"#id_{name}")
        desk.click("text=核对公开后的样子")
        desk.click("button:has-text('公开')")
        said(desk, "已公开")
    anyone = way.at(None, PHONE, way.congress)
    anyone.goto("/suggestions/")
    anyone.click(f"a:has-text('{TITLE}')")
    said(anyone, "办理过程")
    way.seen(anyone, "public-390")


def a_promise_is_kept(way) -> None:
    unit = way.desk(way.housing, "/desk/promises/")
    unit.click("a:has-text('整修六栋楼的通道')")
    unit.click("a.btn:has-text('报告落实情况')")
    fill(unit, text="六栋楼的通道全部整修完毕。", signer="局长程某")
    unit.click("main button[type=submit]")
    said(unit, "已报告")
    desk = way.desk(way.clerk, "/admin/suggestions/promises/?place=reported")
    desk.click("th a:has-text('整修六栋楼的通道')")
    desk.click("a:has-text('确认落实')")
    fill(desk, text="到现场看过，六栋楼都可无障碍通行。")
    desk.click("button:has-text('确认落实')")
    said(desk, "已落实")
    phone = way.phone(0)
    phone.click("text=/承诺/ >> nth=0")
    phone.check("input[name=value][value=satisfied]")
    phone.click("text=提交评价")
    said(phone, "评价已提交")


def the_page_tells_it_all(way) -> None:
    for page, name in (
        (way.desk(way.clerk, f"{LIST}{way.row.pk}/change/"), "story-1366"),
        (way.phone(0, f"/me/suggestions/{way.row.pk}/"), "story-390"),
    ):
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        way.seen(page, name)
        told, place = page.inner_text("ol.course"), 0
        for title, words in STORY:
            found = told.find(title, place)
            assert found >= 0, (title, told[place:])
            place = found + len(title)
            entry = told[found : told.find("日（", place) + 200]
            assert words in entry, (title, words, entry)

"""The rules of handling at the staff's desk: parts, ceilings, classes, versions; the categories."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import LogEntry, Role
from congress.tenancy import in_congress
from suggestions import actions
from suggestions.models import Category, LikelyUnit, RuleSet
from suggestions.rules.bounds import bound_faults
from suggestions.rules.numbering import examples, number_format_fault, number_of, shown, stored
from suggestions.rules.wording import PARTS, changes
from tests import cast

from . import stage

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


@pytest.fixture(autouse=True)
def february():
    with stage.on(stage.ASSIGNED):
        yield


@pytest.fixture
def clerk(binhai):
    return stage.clerk(binhai)


@pytest.fixture
def desk(clerk, client_of):
    return client_of(clerk)


@pytest.fixture
def draft(binhai, clerk):
    with in_congress(binhai):
        return actions.make_rule_set(by=clerk, template="plain")


def at(name: str, *args) -> str:
    return reverse(f"admin:suggestions_{name}", args=args)


def words(response) -> str:
    return response.content.decode()


HANDLING = {
    "reply_months": "3", "reply_max_months": "6", "joint_limit": "after", "joint_amount": "1",
    "joint_count": "m", "joint_redo_days": "5", "reply_precheck": "none", "answers_to": "each",
    "extension_approvers": ["deputy_affairs"], "first_contact_days": "",
    "needs_second_check_of_no": "on", "urgent_days": "30",
    "extension_max_days": "", "extension_max_times": "2", "signer_min_rank": "any",
}  # fmt: skip


@pytest.mark.parametrize("template", ["plain", "strict", "township"])
def test_each_shipped_template_is_a_draft_that_may_be_published(template, binhai, desk):
    answer = desk.post(at("rule_set_new"), {"template": template, "name": "滨海区办理规则"})
    with in_congress(binhai):
        row = RuleSet.objects.get()
        assert (row.template_key, row.name) == (template, "滨海区办理规则")
        assert not bound_faults({f.name: getattr(row, f.name) for f in row._meta.concrete_fields})
    page = words(desk.get(answer.url))
    assert "法律上限：自交办之日起 3 个月（代表法第五十一条）" in page
    assert all(part.title in page for part in PARTS)
    assert "发布前还要" not in page


def test_what_the_law_forbids_is_said_beside_the_field_and_never_stored(binhai, desk, draft):
    here = at("rule_set_edit", draft.pk, "handling")
    page = words(desk.get(here))
    assert "法律上限：自交办之日起 3 个月（代表法第五十一条）。可以更短，不能更长。" in page
    answer = desk.post(here, HANDLING | {"reply_months": "4", "reply_max_months": "7"})
    page = words(answer)
    assert answer.status_code == 422 and "有 2 处需要修改" in page
    assert "不能超过 3 个月（代表法第五十一条），可以更短，不能更长" in page
    assert "不能超过 6 个月" in page
    answer = desk.post(here, HANDLING | {"reply_months": "2", "joint_amount": "3"})
    assert "会办期限不能长于答复期限（2 个月）" in words(answer)
    assert desk.post(here, HANDLING | {"reply_months": "2"}).status_code == 302
    with in_congress(binhai):
        draft.refresh_from_db()
        assert (draft.reply_months, draft.first_contact_days) == (2, None)
        with pytest.raises(NotAllowed, match="答复期限（月）不能超过 3 个月"):
            actions.edit_rule_set(draft, by=stage.clerk(binhai), reply_months=4)


def test_every_part_of_a_draft_can_be_opened_and_saved_as_it_stands(binhai, desk, draft):
    for part in PARTS:
        page = desk.get(at("rule_set_edit", draft.pk, part.key))
        form = page.context["form"]
        data = {}
        for name, field in form.fields.items():
            value = form.get_initial_for_field(field, name)
            if value not in (None, "", False):
                data[name] = value
        answer = desk.post(at("rule_set_edit", draft.pk, part.key), data)
        assert answer.status_code == 302, form.errors
    with in_congress(binhai):
        fresh = RuleSet.objects.get(pk=draft.pk)
        same = {f.name for f in RuleSet._meta.concrete_fields}
        assert {n for n in same if getattr(fresh, n) != getattr(draft, n)} == set()
    assert desk.get(at("rule_set_edit", draft.pk, "nothing")).status_code == 404


def test_trap_45_a_number_format_that_repeats_itself_is_refused(binhai, desk, draft):
    here = at("rule_set_edit", draft.pk, "intake")
    data = {"number_format": "{year}-{n}", "assign_closed_days": "7",
            "withdraw_until": "answered", "merge_mode": "separate"}  # fmt: skip
    assert "编号会重复" in words(desk.post(here, data))
    wrong = words(desk.post(here, data | {"number_format": "{0}{sitting}{n}"}))
    assert "编号格式里不能用{0}，可以用{届}、{会次}" in wrong
    assert "须含{系列}" in words(desk.post(here, data | {"number_format": "{会次}-{序号}"}))
    assert number_format_fault("{sitting}-{series}{n:03}") == ""
    named = {"number_format": "{届}{次}{系列}{序号}"}
    assert desk.post(here, data | named).status_code == 302
    with in_congress(binhai):
        assert RuleSet.objects.get(pk=draft.pk).number_format == "{term}{sitting}{series}{n}"
    page = words(desk.get(here))
    assert 'value="{届}{会次}{系列}{序号}"' in page
    assert "现在的编号：会议期间 19512、闭会期间 195闭7" in page


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("{会次}-{系列}{三位序号}", "5-闭007"),
        ("{sitting}-{series}{n:03}", "5-闭007"),
        ("第{届}届{会次}次{系列}{序号:04}号", "第19届5次闭0007号"),
        ("{年份}{会次}{系列}{ 序号：2 }", "20265闭07"),
    ],
)
def test_a_number_is_made_of_named_parts(text, gives):
    assert number_format_fault(text) == ""
    values = {"term": 19, "sitting": 5, "series": "闭", "n": 7, "year": 2026}
    assert number_of(text, **values) == number_of(stored(text), **values) == gives
    assert dict(examples(stored(text)))["闭会期间"] == gives
    assert stored(shown(stored(text))) == stored(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{会次}{系列}{届别}{序号}", "不能用{届别}"),
        ("{sitting.__class__}{series}{n}", "不能用{sitting.__class__}"),
        ("{会次}{系列}{序号!r}", "不能用{序号!r}"),
        ("{会次}{系列}{序号", "没有成对"),
        ("{会次}{系列:03}{序号}", "不能用{系列:03}"),
        ("5-001", "须含{会次}、{系列}、{序号}"),
    ],
)
def test_what_is_no_part_of_a_number_is_named(text, says):
    assert says in number_format_fault(text)


def test_trap_26_the_same_mark_has_its_own_meaning_and_one_canonical(binhai, desk, draft):
    here = at("rule_set_classes", draft.pk)
    data = {"mark_0": "A", "label_0": "已解决", "canonical_0": "solved",
            "mark_1": "C", "label_1": "列入计划", "canonical_1": "planned",
            "promise_1": "on"}  # fmt: skip
    answer = desk.post(here, data | {"canonical_1": ""})
    assert answer.status_code == 422 and "请选择统一口径" in words(answer)
    assert "这个标识已经用过" in words(desk.post(here, data | {"mark_1": "A"}))
    assert "至少要有两个结果类别" in words(desk.post(here, {}))
    desk.post(here, data)
    with in_congress(binhai):
        rows = list(draft.classes.values_list("mark", "canonical", "needs_promise"))
    assert rows == [("A", "solved", False), ("C", "planned", True)]
    assert "列入计划（统一口径：列入计划解决），须有承诺和时限" in words(
        desk.get(at("rule_set", draft.pk))
    )


def test_a_version_is_published_once_with_its_document_and_then_closed(binhai, desk, draft):
    publish = at("rule_set_publish", draft.pk)
    assert desk.post(publish, {"in_force_from": "2026-03-01"}).status_code == 422
    values = {"in_force_from": "2026-03-01", "basis_document": "常发〔2026〕5号"}
    page = words(desk.post(publish, values))
    assert "确认发布" in page and "2026年3月1日（周日）" in page and "没有上传" in page
    with in_congress(binhai):
        assert RuleSet.objects.get().state == "draft"
    assert desk.post(publish, values | {"confirmed": "1"}).status_code == 302
    page = words(desk.get(at("rule_set", draft.pk)))
    assert "常发〔2026〕5号" in page and "修改" not in page.split("<h2")[1]
    for name in ("edit", "classes", "publish", "discard"):
        args = (draft.pk, "intake") if name == "edit" else (draft.pk,)
        assert desk.get(at(f"rule_set_{name}", *args)).status_code == 409


def test_the_document_is_kept_and_read_by_those_who_read_the_rules(
    binhai, shanyang, desk, draft, client_of, clerk
):
    basis = at("rule_set_basis", draft.pk)
    bad = SimpleUploadedFile("规则.exe", b"MZ")
    assert desk.post(basis, {"file": bad}).status_code == 422
    assert desk.post(basis, {}).status_code == 422
    desk.post(basis, {"file": SimpleUploadedFile("常发5号.pdf", PDF)})
    with in_congress(binhai):
        draft.refresh_from_db()
        link = f"/files/{draft.basis_file.public_id}/"
    assert desk.get(link).status_code == 200
    unit = client_of(cast.member(binhai, Role.HANDLING_UNIT))
    assert unit.get(link).status_code == 404  # a draft is 代工委's own
    assert client_of(stage.clerk(shanyang)).get(link).status_code == 404
    with in_congress(binhai):
        actions.publish_rule_set(
            draft, by=clerk, in_force_from=stage.ASSIGNED, basis_document="常发〔2026〕5号"
        )
    assert unit.get(link).status_code == 200
    again = {"file": SimpleUploadedFile("另一份.pdf", PDF)}
    assert desk.post(basis, again).status_code == 409


def test_trap_48_a_new_version_is_compared_and_leaves_running_items_alone(
    binhai, desk, clerk, client_of
):
    unit = cast.member(binhai, Role.HANDLING_UNIT)
    with in_congress(binhai):
        first = stage.ready()
        row = stage.assigned(binhai, stage.people()[0], [(unit.unit, "sole")])
    answer = desk.post(at("rule_set_draft", first.pk))
    with in_congress(binhai):
        second = RuleSet.objects.get(number=2)
        assert answer.url == at("rule_set", second.pk)
        actions.edit_rule_set(second, by=clerk, reply_months=2, first_contact_days=20)
        actions.save_classes(
            second, by=clerk,
            classes=[
                {"mark": "A", "label": "已经解决或者采纳", "canonical": "solved"},
                {"mark": "B", "label": "正在解决", "canonical": "partly"},
            ],
        )  # fmt: skip
        second.refresh_from_db()
        told = {(c.label, c.before, c.after) for c in changes(first, second)}
        assert ("答复期限", "自交办之日起 3 个月", "自交办之日起 2 个月") in told
        assert ("首次沟通", "不作要求", "交办后 20 个工作日内") in told
        assert {c.label for c in changes(first, second) if c.part == "结果类别"} == {
            "B类", "C类", "D类"
        }  # fmt: skip
        assert changes(first, first) == []
    page = words(desk.get(at("rule_set_compare", second.pk)))
    assert "有 5 处变化" in page and "自交办之日起 2 个月" in page
    assert desk.post(at("rule_set_draft", first.pk)).status_code == 409  # one draft at a time
    values = {"in_force_from": "2026-02-01", "basis_document": "常发〔2026〕9号"}
    page = words(desk.post(at("rule_set_publish", second.pk), values))
    assert "与第1版相比，有 5 处变化" in page
    desk.post(at("rule_set_publish", second.pk), values | {"confirmed": "1"})
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.rule_set, row.assignments.get().legal_due_on) == (first, dt.date(2026, 5, 6))
    page = words(desk.get(at("rule_sets")))
    assert "现在施行的是" in page and "第2版" in page


def test_a_draft_is_thrown_away(binhai, desk, draft):
    assert desk.post(at("rule_set_discard", draft.pk)).url == at("rule_sets")
    with in_congress(binhai):
        assert not RuleSet.objects.exists()
        assert LogEntry.objects.filter(step="suggestions.discard_rules").exists()
    assert "还没有办理规则" in words(desk.get(at("rule_sets")))


def test_who_may_read_and_who_may_write_the_rules(binhai, shanyang, draft, clerk, client_of):
    street = client_of(cast.member(binhai, Role.STREET))
    assert street.get(at("rule_set", draft.pk)).status_code == 404  # a draft
    with in_congress(binhai):
        actions.publish_rule_set(
            draft, by=clerk, in_force_from=stage.ASSIGNED, basis_document="常发〔2026〕5号"
        )
    page = words(street.get(at("rule_set", draft.pk)))
    assert "办理和答复" in page and "拟订新版本" not in page
    assert street.post(at("rule_set_draft", draft.pk)).status_code in (403, 404)
    neighbour = client_of(stage.clerk(shanyang))
    assert neighbour.get(at("rule_set", draft.pk)).status_code == 404
    assert (
        client_of(cast.member(binhai, Role.HANDLING_UNIT)).get(at("rule_sets")).status_code == 403
    )


# -- Categories --------------------------------------------------------------------------------


def test_categories_are_shipped_added_moved_and_given_their_units(binhai, desk):
    committee = cast.member(binhai, Role.COMMITTEE).unit
    unit = cast.member(binhai, Role.HANDLING_UNIT).unit
    assert "还没有分类" in words(desk.get(at("categories")))
    desk.post(at("categories_ship"))
    with in_congress(binhai):
        top = Category.objects.get(name="城乡建设")
    new = at("category_new")
    assert f'value="{top.pk}" selected' in words(desk.get(f"{new}?parent={top.pk}"))
    data = {"name": "电梯加装", "parent": top.pk, "committee": committee.pk, "is_active": "on",
            "unit_1": unit.pk, "unit_2": unit.pk}  # fmt: skip
    assert desk.post(new, data).url == at("categories")
    assert "已有名为“电梯加装”的分类" in words(desk.post(new, data))
    page = words(desk.get(at("categories")))
    assert "电梯加装" in page and "财经委" in page and "住建局" in page
    with in_congress(binhai):
        row = Category.objects.get(name="电梯加装")
        assert LikelyUnit.objects.get().category == row  # named twice, kept once
        order = list(top.children.values_list("name", flat=True))
        assert order[-1] == "电梯加装"
    desk.post(at("category_shift", row.pk, "up"))
    desk.post(at("category_shift", top.pk, "up"))  # already the first: nothing moves
    with in_congress(binhai):
        assert list(top.children.values_list("name", flat=True))[-2] == "电梯加装"
        assert Category.objects.filter(parent=None).first() == top
    desk.post(at("category", row.pk), {"name": "电梯", "parent": top.pk})
    with in_congress(binhai):
        row.refresh_from_db()
        assert (row.name, row.is_active, row.committee) == ("电梯", False, None)
    answer = desk.post(at("category", top.pk), {"name": "城乡建设", "parent": row.pk})
    assert answer.status_code == 422  # two levels only


def test_categories_are_read_by_staff_and_kept_by_the_keepers_alone(
    binhai, shanyang, desk, client_of
):
    with in_congress(binhai):
        actions.ship_categories()
        row = Category.objects.get(name="消防和安全生产")
    committee = client_of(cast.member(binhai, Role.COMMITTEE))
    page = words(committee.get(at("categories")))
    assert "消防和安全生产" in page and "增加分类" not in page
    assert committee.get(at("category", row.pk)).status_code == 403
    assert client_of(stage.clerk(shanyang)).get(at("category", row.pk)).status_code == 404
    assert client_of(stage.clerk(shanyang)).post(
        at("category_shift", row.pk, "up")
    ).status_code == 404  # fmt: skip


def test_the_lists_ask_as_often_for_one_as_for_many(binhai, desk, clerk):
    def ask(name):
        desk.get(at(name))
        with CaptureQueriesContext(connection) as found:
            desk.get(at(name))
        return len(found)

    with in_congress(binhai):
        actions.make_rule_set(by=clerk, template="plain")
        top = actions.save_category(None, by=clerk, name="城乡建设")
        actions.save_category(None, by=clerk, name="电梯", parent=top)
    few = ask("rule_sets"), ask("categories")
    with in_congress(binhai):
        for template in ("strict", "township"):
            actions.make_rule_set(by=clerk, template=template)
        actions.ship_categories()
    assert (ask("rule_sets"), ask("categories")) == few

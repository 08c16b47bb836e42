"""Rule-books as real places printed them, written through the editor's own forms.

What a book says stands above its test; expected points were worked out by hand.
"""

from decimal import Decimal as D

import pytest

from congress.models import Role
from performance.actions import make_book, save_bands, save_item, save_rule
from performance.forms.books import BandsForm
from performance.forms.rules import FORMS, way_of
from performance.models import DutyItem, RuleNode
from performance.queries import rule_tree
from performance.rules import band_of, check_tree, describe, parse_bands, warnings
from tests import cast

from .test_rules import facts, points

pytestmark = pytest.mark.django_db


class Book:
    """A draft written rule by rule as the clerk does."""

    def __init__(self, congress, decimals=1):
        self.by = cast.member(congress, Role.DEPUTY_AFFAIRS)
        self.version = make_book(by=self.by, name="试写", decimals=decimals)

    def item(self, name, unit="次"):
        """A duty of the book's own; gives its code."""
        row = save_item(by=self.by, name=name, aspect="other", unit_word=unit)
        return row.code

    def write(self, way, name="", items=(), parent=None, **typed):
        form = FORMS[way](self.typed(way, name, items, parent, typed), version=self.version)
        assert form.is_valid(), form.errors
        node = save_rule(self.version, by=self.by, **form.values())
        self.again(node)
        return node

    def typed(self, way, name, items, parent, typed):
        data = {"name": name, "items": list(items), "parent": parent.pk if parent else ""}
        data |= {"aspect": "" if parent else "other", "aggregate": "count", "pick": "sum"}
        data |= {"step": "1", "starts_at": "1", "whole_steps": "on", "below": "0"}
        data |= {"combine": "sum", "one_sided": ""}
        return data | typed

    def again(self, node):
        """What is opened for a change and saved untouched counts the same."""
        node = RuleNode.objects.select_related("item").get(pk=node.pk)
        form = FORMS[way_of(node)](version=self.version, node=node)
        data = {k: v for k, v in form.initial.items() if v not in (None, False)}
        same = FORMS[way_of(node)](data, version=self.version, node=node)
        assert same.is_valid(), same.errors
        assert same.values()["params"] == node.params

    def group(self, name, **typed):
        return self.write("group", name, **typed)

    def tree(self):
        root = rule_tree(self.version)
        assert check_tree(root) == []
        assert all(describe(rule) for rule in root.walk())
        return root

    def points(self, *groups, **more):
        return points(self.tree(), facts(*groups, **more), self.version.decimals)


@pytest.fixture
def book(in_binhai):
    return Book(in_binhai)


def rows(*pairs, words=("value", "points")):
    return {f"{w}_{n}": v for n, row in enumerate(pairs) for w, v in zip(words, row, strict=False)}


# 广水：履职80、出勤10、学习10；立案第一提案人20分、联名15分；迟到－1，小组缺席－1.5，
# 常委会缺席－3；表彰 国家10、省8、地级6、县级4。
def test_guangshui(book):
    motion = book.item("提案立案", "件")
    work = book.group("履职", cap="80")
    roles = rows(("role:lead", "20"), ("role:cosigner", "15"))
    book.write("values", "提案", [motion], work, **roles)
    attendance = book.group("出勤", floor="0")
    book.write("const", "出勤基础分", parent=attendance, points="10")
    book.write("times", "迟到", ["B01", "B05"], attendance, rate="-1", outcome=["late"])
    book.write("times", "小组缺席", ["B05"], attendance, rate="-1.5", outcome=["absent"])
    book.write("times", "常委会缺席", ["B01"], attendance, rate="－３", outcome=["absent"])
    study = book.group("学习", cap="10")
    book.write("times", "", ["E01"], study, rate="5")
    levels = [("level:national", "10"), ("level:provincial", "8")]
    levels += [("level:city", "6"), ("level:county", "4")]
    book.write("values", "表彰", ["E05"], **rows(*levels))
    found = book.points(
        (motion, 1, "", "lead"),
        (motion, 2, "", "cosigner"),
        ("B05", 1, "late"),
        ("B01", 1, "late"),
        ("B05", 1, "absent"),
        ("B01", 1, "absent"),
        ("E01", 3, "present"),
        ("E05", 1, "", "", "provincial"),
        ("E05", 1, "", "", "county"),
    )
    # 20 + 2×15 = 50；10 － 2 － 1.5 － 3 = 3.5；3×5 = 15 封顶 10；8 + 4 = 12
    assert found == D("75.5")


# 闵行：全会每半天5分；培训全程10分、部分5分；提案立案每年计一次，第一提案人15分、联名3分，取高；
# 重点提案另加15／3分，优秀提案另加10／2分。
def test_minhang(book):
    whole, part = book.item("全程参加培训"), book.item("部分参加培训")
    motion = book.item("提案立案", "件")
    book.write("times", "全会", ["A01"], rate="5", aggregate="sum", outcome=["present"])
    book.write("times", "", [whole], rate="10")
    book.write("times", "", [part], rate="5")
    higher = book.group("立案提案", combine="max")
    book.write("once", "作为第一提案人", [motion], higher, rate="15", role=["lead"])
    book.write("once", "作为联名人", [motion], higher, rate="3", role=["cosigner"])
    pairs = [("level:key", "role:lead", "15"), ("level:key", "role:cosigner", "3")]
    pairs += [("level:outstanding", "role:lead", "10"), ("level:outstanding", "role:cosigner", "2")]
    table = rows(*pairs, words=("value", "and", "points"))
    book.write("values", "重点和优秀提案", [motion], **table)
    found = book.points(
        ("A01", 3, "present"),
        ("A01", 1, "absent"),
        (whole, 1),
        (part, 1),
        (motion, 1, "", "lead", "key"),
        (motion, 1, "", "lead"),
        (motion, 2, "", "cosigner"),
        (motion, 1, "", "cosigner", "outstanding"),
    )
    # 3×5 + 10 + 5 + max(15, 3) + 15 + 2
    assert found == D(62)


# 延边：从0分起；提交提案即计10分，不重复；领衔立案每件+10；领衔的重点提案每件再+10。
def test_yanbian(book):
    motion = book.item("提案", "件")
    book.write("once", "提交提案", [motion], rate="10")
    book.write("times", "领衔立案", [motion], rate="10", role=["lead"])
    book.write("times", "领衔重点", [motion], rate="10", role=["lead"], level=["key"])
    known = [(motion, 1, "", "lead"), (motion, 1, "", "lead", "key"), (motion, 4, "", "cosigner")]
    assert book.points(*known) == D(40)
    assert book.points((motion, 4, "", "cosigner")) == D(10)
    assert book.points() == D(0)


# 合肥：基础分85；参加活动两次以上30分，否则0分；加分最多20分。
@pytest.mark.parametrize(("times", "extra", "total"), [(1, 0, 85), (2, 0, 115), (9, 5, 135)])
def test_hefei(book, times, extra, total):
    book.write("const", "基础分", points="85")
    book.write("steps", "参加活动", ["B02", "B03"], low_0="2", points_0="30")
    more = book.group("加分", cap="20")
    book.write("times", "", ["E02"], more, rate="5")
    assert book.points(("B02", times, "present"), ("E02", extra)) == D(total)


# AA市：基础35分，常委另加30分；活动每次7.5分，最多30分；独立提案立案15分，计一次；
# 信息采用10分计一次，从第二篇起每篇+3，未采用的每篇+1，合计最多20分。
def test_aa_city(book):
    solo, used = book.item("独立提案立案", "件"), book.item("信息采用", "篇")
    unused = book.item("信息未采用", "篇")
    book.write("const", "基础分", points="35")
    book.write("const", "常委基础分", points="30", identities=["committee_member"])
    book.write("times", "参加活动", ["B02"], rate="7.5", cap="30")
    book.write("once", "", [solo], rate="15")
    information = book.group("信息", cap="20")
    book.write("once", "采用", [used], information, rate="10")
    book.write("times", "再采用", [used], information, rate="3", starts_at="2")
    book.write("times", "", [unused], information, rate="1")
    known = [("B02", 3), (solo, 2), (used, 3), (unused, 5)]
    # 35 + 22.5 + 15 + min(20, 10 + 6 + 5)
    assert book.points(*known) == D("92.5")
    standing = frozenset({"deputy", "committee_member"})
    assert book.points(*known, identities=standing) == D("122.5")
    assert book.points(("B02", 5)) == D(65)


# 绍兴：130分＝95分（基础50＋会议活动35＋学习10）＋提案15＋其他20。
def test_shaoxing(book):
    main = book.group("基本履职", cap="95")
    book.write("const", "基础分", parent=main, points="50")
    book.write("times", "会议活动", ["B02", "B05"], main, rate="7", cap="35")
    book.write("times", "", ["E01"], main, rate="5", cap="10")
    book.write("times", "", ["B09"], rate="5", cap="15")
    book.write("times", "", ["O01"], rate="10", cap="20")
    assert book.points(("B02", 9), ("E01", 9), ("B09", 9), ("O01", 9)) == D(130)
    assert book.points(("B05", 2), ("E01", 1), ("B09", 1)) == D(50 + 14 + 5 + 5)


# 广州：六个“至少一次”都做到才有基础分；常委会会议每次9分，最多计3次；加分不封顶；
# 公布 316＝72＋241＋3。
def test_guangzhou(book):
    needed = ["A02", "B02", "B05", "B06", "B07", "E01"]
    at_least = book.group("六个至少一次", combine="max", weight="0")
    ones = [book.write("once", "", [code], at_least, rate="1").key for code in needed]
    basic = book.group("基本分")
    book.write("const", "基础分", parent=basic, points="45", zero_unless=ones)
    book.write("times", "常委会会议", ["B01"], basic, rate="9", cap="27")
    extra = book.group("加分")
    book.write("times", "", ["B09"], extra, rate="10")
    book.write("times", "", ["E06"], extra, rate="1")
    book.write("manual", "酌定", lowest="-5", highest="5", who="主任会议")
    award = book.version.nodes.get(name="酌定").key
    done = [(code, 1) for code in needed]
    rest = [("B01", 5), ("B09", 24), ("E06", 1)]
    assert book.points(*done, *rest, awards={award: D(3)}) == D(316)
    assert book.points(*done[1:], *rest, awards={award: D(3)}) == D(271)
    assert {w.split("”")[0][1:] for w in warnings(book.tree())} >= {"闭会期间领衔提出建议"}


# 太原杏花岭：到站接待每次5分；无故缺席人大会议－5；调研报告执笔且转办20分。
def test_xinghualing(book):
    book.write("times", "", ["B06"], rate="5")
    book.write("times", "缺席人大会议", ["A01"], rate="-5", outcome=["absent"])
    book.write("times", "调研报告执笔", ["E02"], rate="20", role=["writer"])
    known = [("B06", 6, "present"), ("A01", 1, "absent"), ("A01", 5, "present")]
    assert book.points(*known, ("E02", 1, "", "writer"), ("E02", 2, "", "member")) == D(45)


# 衡阳石鼓：按月计，接待每次5分，公益日每次10分；一个月58分。
def test_shigu_in_one_month(book):
    book.write("times", "", ["B06"], rate="5")
    book.write("times", "", ["E03"], rate="10")
    book.write("times", "其他", ["O01"], rate="4")
    assert book.points(("B06", 4), ("E03", 3), ("O01", 2)) == D(58)


# 重庆江北：建议每件3分；视察或调研每次3分；人大会议请假每半天－1。
def test_jiangbei(book):
    book.write("times", "建议", ["A04", "B09"], rate="3")
    book.write("times", "视察或调研", ["B02", "B03"], rate="3")
    book.write("times", "会议请假", ["A01"], rate="-1", aggregate="sum", outcome=["leave"])
    known = [("A04", 1), ("B09", 1), ("B02", 1, "present"), ("B03", 2, "present")]
    assert book.points(*known, ("A01", 1, "leave", "", "", "3")) == D(12)


# 璧山：按履职天数计，可以有半分：27天，118.5分。
def test_bishan_counts_days_and_halves(book):
    days = book.write("times", "履职天数", ["B02", "B06"], rate="4", aggregate="distinct_days")
    book.write("times", "半天活动", ["B05"], rate="3.5")
    assert book.points(("B05", 3), own={days.key: D(27)}) == D("118.5")


# 马蹄乡：会议40分、闭会60分、附加分。
def test_mati(book):
    meetings, between = book.group("会议", cap="40"), book.group("闭会", cap="60")
    half = {"low_0": "50", "points_0": "20", "low_1": "100", "points_1": "40"}
    book.write("steps", "出席率", ["A01"], meetings, aggregate="rate", **half)
    book.write("times", "", ["B07"], between, rate="8")
    book.write("times", "", ["O01"], rate="2", cap="10")
    all_of_them = [("A01", 4, "present"), ("B07", 9), ("O01", 9)]
    assert book.points(*all_of_them) == D(110)
    assert book.points(("A01", 3, "present"), ("A01", 1, "absent"), ("B07", 2)) == D(36)
    assert book.points(("A01", 1, "present"), ("A01", 3, "leave")) == D(0)


# 民革安徽：一级一级加：报送2分，省级采用+3，中央采用+5，国家级采用+10，部委+10，领导批示+20。
def test_a_ladder_is_climbed_step_by_step(book):
    sent, used = book.item("社情民意报送", "篇"), book.item("社情民意采用", "篇")
    book.write("times", "", [sent], rate="2")
    steps = [("level:provincial", "3"), ("level:central", "5"), ("level:national", "10")]
    steps += [("level:ministry", "10"), ("level:instructed", "20")]
    book.write("values", "", [used], **rows(*steps))
    climbed = [(used, 1, "", "", v) for v in ("provincial", "central", "national", "instructed")]
    assert book.points((sent, 2), *climbed) == D(4 + 38)


# “3件计10分，每多（少）一件加（减）5分”。
@pytest.mark.parametrize(("times", "total"), [(0, "-5"), (1, "0"), (3, "10"), (5, "20"), (9, "25")])
def test_a_target_with_more_and_less(book, times, total):
    book.write("target", "建议", ["B09"], target="3", base="10", rate="5", cap="25")
    assert book.points(("B09", times)) == D(total)


# 银川：80分以上好，60—79分较好，60分以下差。印的“60—79”漏了79.5分，“60”又常归两等。
class TestYinchuan:
    printed = rows(
        ("好", "80", ""),
        ("较好", "60", "79"),
        ("差", "", "60"),
        words=("name", "low", "high"),
    )

    def test_the_printed_gap_is_told_before_saving(self):
        form = BandsForm(self.printed)
        assert not form.is_valid()
        assert form.non_field_errors() == ["“较好”与“好”之间有空档：79分不属于任何等次"]

    def test_sixty_in_two_grades_is_told(self):
        form = BandsForm(self.printed | {"high_1": "80", "high_2": "60.1"})
        assert not form.is_valid() and "60分同时属于两个等次" in form.non_field_errors()[0]

    def test_the_lower_bounds_alone_mend_it(self, book):
        form = BandsForm(self.printed | {"join": "1"})
        assert form.is_valid()
        save_bands(book.version, by=book.by, bands=form.values())
        stored = book.version.outcomes.filter(kind="band").order_by("position")
        bands = parse_bands({"name": b.name, **b.params} for b in stored)
        scores = ("80", "79.5", "60", "59.9", "-2")
        assert [band_of(D(s), bands) for s in scores] == ["好", "较好", "较好", "差", "差"]
        again = BandsForm(BandsForm.initial_of(book.version))
        assert again.is_valid() and again.values() == form.values()

    def test_a_nameless_or_double_grade_is_refused(self):
        assert "name_0" in BandsForm({"low_0": "3"}).errors
        assert "name_1" in BandsForm({"name_0": "好", "name_1": "好"}).errors


def typed(book, way, **data):
    return FORMS[way](book.typed(way, "规则", ["B06"], None, data), version=book.version)


@pytest.mark.parametrize(
    ("way", "data", "field"),
    [
        ("times", {"rate": "五"}, "rate"),
        ("times", {"rate": "0"}, "rate"),
        ("times", {"rate": "5", "step": "0"}, "step"),
        ("times", {"rate": "5", "starts_at": "0"}, "starts_at"),
        ("times", {"rate": "5", "cap": "1", "floor": "2"}, "cap"),
        ("times", {"rate": "99999999999"}, "rate"),
        ("times", {"rate": "5", "items": []}, "items"),
        ("times", {"rate": "5", "items": ["B06", "B07"], "name": ""}, "name"),
        ("times", {"rate": "5", "aspect": "nowhere"}, "aspect"),
        ("times", {"rate": "5", "parent": "999999"}, "parent"),
        ("const", {"points": "1", "aspect": ""}, "aspect"),
        ("steps", {}, "low_0"),
        ("steps", {"low_0": "2"}, "points_0"),
        ("steps", {"low_0": "2", "points_0": "1", "low_1": "2", "points_1": "5"}, "low_1"),
        ("steps", {"aggregate": "rate", "low_0": "120", "points_0": "1"}, "low_0"),
        ("values", {}, "value_0"),
        ("values", {"value_0": "role:lead"}, "points_0"),
        ("values", {"points_0": "5"}, "value_0"),
        ("values", {"value_0": "role:lead", "and_0": "role:writer", "points_0": "5"}, "and_0"),
        ("manual", {"lowest": "5", "highest": "1"}, "lowest"),
        ("group", {"weight": "-1"}, "weight"),
        ("group", {"name": ""}, "name"),
    ],
)
def test_what_could_not_be_counted_is_refused_at_its_field(book, way, data, field):
    form = typed(book, way, **data)
    assert not form.is_valid() and field in form.errors


def test_full_width_digits_and_signs_are_understood(book):
    form = typed(book, "times", rate="－５．５", cap="０")
    assert form.is_valid() and form.params() == {"rate": "-5.5", "cap": "0"}


def test_a_retired_duty_stays_in_the_rule_that_counts_it(book):
    node = book.write("times", "", ["E06"], rate="1")
    DutyItem.objects.filter(code="E06").update(is_active=False)
    book.again(node)
    assert "E06" not in dict(
        pair for _, group in typed(book, "times").fields["items"].choices for pair in group
    )


@pytest.mark.parametrize("template", ["four_aspects", "hundred_points", "base_and_reward"])
def test_every_rule_of_a_template_opens_in_its_form_and_counts_the_same(in_binhai, template):
    by = cast.member(in_binhai, Role.DEPUTY_AFFAIRS)
    version = make_book(by=by, name="模板", template=template)
    before = rule_tree(version)
    for node in version.nodes.select_related("item"):
        form = FORMS[way_of(node)](version=version, node=node)
        data = {k: v for k, v in form.initial.items() if v not in (None, False)}
        again = FORMS[way_of(node)](data, version=version, node=node)
        assert again.is_valid(), (node.name, again.errors)
        save_rule(version, by=by, node=node, **again.values())
    after = rule_tree(version)
    assert [(r.key, r.name, describe(r)) for r in before.walk()] == [
        (r.key, r.name, describe(r)) for r in after.walk()
    ]
    known = facts(*[(code, 2, outcome) for code in ("A01", "B05") for outcome in ("late", "leave")])
    assert points(before, known) == points(after, known)

"""The figures of a year against a recount in plain Python, row by row, that shares nothing with
them; their queries; their edges."""

import collections
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from congress.models import Meeting, Role, Term, Unit
from suggestions import access, actions
from suggestions.models import ClassChange, Feedback, Promise, Suggestion
from suggestions.queries import figures as queries
from suggestions.rules.figures import (
    FORMULAS,
    UNIT_FORMULAS,
    by_class,
    by_dimension,
    by_place,
    by_unit,
    by_value,
    checks,
    evaluate,
    evaluate_all,
)
from tests import cast

from . import stage
from .year import ON, Maker, at

pytestmark = pytest.mark.django_db
GOOD = ("satisfied", "basically")


@pytest.fixture
def rules(in_binhai):
    return stage.ready()


def present(member, on: dt.date = ON) -> queries.Year:
    known = queries.scopes()
    scope = next(s for s in known if s.name.startswith("第十九届第五次会议"))
    before = queries.scope_before(scope, known)
    return queries.year(access.visible_to(member), scope, before=before, on=on)


# -- The recount --------------------------------------------------------------------------------


class Recount:
    """One suggestion counted by hand from its stored rows."""

    def __init__(self, row: Suggestion):
        self.row, self.rules = row, row.rule_set
        state = row.state
        self.registered = row.number != ""
        self.base = self.registered and not (state == "withdrawn" and not row.assigned_on)
        self.handled = self.base and state not in ("withdrawn", "terminated")
        self.tasks = [t for t in row.assignments.all() if t.role != "owner"]
        self.counted = [t for t in self.tasks if t.state != "cancelled"] if self.handled else []
        self.live = [t for t in self.counted if t.state != "returned"]
        self.main = [t for t in self.live if t.role in ("sole", "lead", "separate")]
        self.replies = {t.pk: self.first_reply(t) for t in self.main}
        self.answered = bool(self.main) and all(self.replies.values())
        self.lead = row.lead_id
        self.signers = ([self.lead] if self.lead else []) + [
            s.deputy_id for s in row.signatures.filter(state="confirmed")
        ]

    def served(self, task):
        found = []
        for reply in task.replies.filter(state="served").order_by("round"):
            days = [s.served_on for s in reply.services.all()]
            if days:
                found.append((reply.round, max(days), reply.result_class))
        return found

    def first_reply(self, task):
        return next((r for r in self.served(task) if r[0] == 1), None)

    def day(self):
        return max(r[1] for r in self.replies.values())

    def limit(self, task):
        limit = task.legal_due_on
        for request in task.extension_requests.filter(granted=True).order_by("decided_at"):
            if timezone.localdate(request.decided_at) <= limit and request.to_on > limit:
                limit = request.to_on
        return limit

    def last_limit(self):
        tasks = self.main or [t for t in self.row.assignments.all() if t.role == "owner"]
        return max(self.limit(t) for t in tasks) if tasks and self.handled else None

    def due(self):
        return self.answered or bool(self.last_limit() and self.last_limit() < ON)

    def in_time(self):
        return self.answered and all(self.replies[t.pk][1] <= self.limit(t) for t in self.main)

    def classes(self, first: bool):
        order = ["solved", "partly", "planned", "not_now", "explained", "not_adopted", "higher"]
        found = []
        for task in self.main:
            history = [(on, k) for _, on, k in self.served(task)]
            if first:
                history = history[:1]
            else:
                for change in task.class_changes.order_by("pk"):
                    if change.deputy_agreed_at and change.committee_agreed_at:
                        on = max(change.deputy_agreed_at, change.committee_agreed_at)
                        history.append((timezone.localdate(on), change.to_class))
                history.sort(key=lambda p: p[0])
            found.append(history[-1][1])
        return max(found, key=lambda k: order.index(k.canonical))

    def words(self):
        return list(
            Feedback.objects.filter(assignment__in=self.main, superseded_at=None)
            .exclude(state="excused")
            .order_by("pk")
        )

    def worst(self, values):
        for value in ("unsatisfied", "basically", "satisfied"):
            if value in values:
                return value
        return ""

    def value(self, number: int) -> str:
        """The worst of all signers' words of a round (the rule of the plain template)."""
        return self.worst(
            [
                self.worst([r.value for r in w.ratings.all()])
                for w in self.words()
                if w.round == number and w.state == "given"
            ]
        )

    def last(self) -> str:
        return self.value(2) or self.value(1)

    def met(self):
        for task in self.main:
            for talk in task.contacts.filter(mode__in=["face", "site"], on__lte=self.day()):
                said = [c.deputy_id for c in talk.confirmations.filter(confirmed=True)]
                if self.lead in said or (not self.lead and said):
                    return True
        return False

    def promises(self):
        found = []
        rows = Promise.objects.filter(reply__assignment__in=self.main, reply__state="served")
        for promise in rows:
            change = promise.events.filter(kind="change").order_by("pk").first()
            found.append((promise, change.old_due_on if change else promise.due_on))
        return found

    def published(self):
        found = False
        for row in self.row.publication_decisions.filter(part="reply").order_by("pk"):
            found = bool(row.published_at and not row.taken_down_at)
        return found

    def withheld(self):
        last = self.row.publication_decisions.filter(part="reply").order_by("pk").last()
        return bool(last and last.mode == "not")


def recount() -> tuple[dict[str, tuple], list[Recount]]:
    """Every figure as (numerator, denominator), or a number."""
    sitting = stage.Sitting.objects.get(number=5)
    rows = [
        Recount(s)
        for s in Suggestion.objects.order_by("pk")
        if (s.raised_in == "sitting" and s.sitting_id == sitting.pk)
        or (
            s.raised_in == "between"
            and (s.assigned_on or timezone.localdate(s.submitted_at)) >= sitting.opens_on
        )
    ]

    def n(test, of=rows):
        return sum(1 for r in of if test(r))

    base = [r for r in rows if r.base]
    handled = [r for r in rows if r.handled]
    done = [r for r in handled if r.answered]
    due = [r for r in handled if r.due()]
    counted = [t for r in handled for t in r.counted]
    live = [t for r in handled for t in r.live]
    words = [w for r in handled for w in r.words()]
    heard = [r for r in handled if r.last()]
    heard_first = [r for r in handled if r.value(1)]
    promises = [p for r in handled for p in r.promises() if p[1] <= ON]
    again = [r for r in handled if r.row.round > 1 and r.value(1) == "unsatisfied"]
    between = [
        r for r in handled
        if r.row.raised_in == "between" and (r.row.assigned_on or due_of(r) < ON)
        and r.rules
    ]  # fmt: skip
    joint = [t for t in live if t.role == "joint"]

    def opinion(task):
        first = task.opinions.order_by("version").first()
        return timezone.localdate(first.given_at) if first else None

    def quick(task):
        return (
            bool(task.signed_at)
            and (timezone.localdate(task.signed_at) - task.assigned_on).days <= 7
        )

    def before(name):
        with_date = [r for r in done if any(getattr(t, name) for t in r.main)]
        kept = [
            r for r in with_date
            if all(r.replies[t.pk][1] <= getattr(t, name) for t in r.main if getattr(t, name))
        ]  # fmt: skip
        return len(kept), len(with_date)

    requests = [q for t in counted for q in t.return_requests.all()]
    opinions_due = [t for t in joint if opinion(t) or t.legal_due_on < ON]
    key = [r for r in handled if r.row.is_key]
    days = [(r.day() - r.row.assigned_on).days for r in done]
    found = {
        "submitted": len(rows),
        "waiting": n(lambda r: not r.registered
                     and r.row.state not in ("withdrawn", "not_accepted")),
        "not_accepted": n(lambda r: r.row.state == "not_accepted"),
        "withdrawn_before": n(lambda r: r.row.state == "withdrawn" and not r.row.assigned_on),
        "secret": 0,
        "registered": len(base),
        "withdrawn_after": n(lambda r: r.row.state == "withdrawn" and bool(r.row.assigned_on)),
        "terminated": n(lambda r: r.row.state == "terminated"),
        "handled": len(handled),
        "sitting": n(lambda r: r.row.raised_in == "sitting", base),
        "between": n(lambda r: r.row.raised_in == "between", base),
        "joint": (n(lambda r: len(r.signers) > 1, base), len(base)),
        "delegations": (n(lambda r: r.lead is None, base), len(base)),
        "repeated": (n(lambda r: r.row.raised_before_id is not None, base), len(base)),
        "merged": (n(lambda r: r.row.merges.filter(left_at=None).exists(), base), len(base)),
        "assigned": (n(lambda r: r.row.assigned_on is not None, handled), len(handled)),
        "assigned_in_time": (
            n(lambda r: r.row.assigned_on and r.row.assigned_on <= due_of(r), between),
            len(between),
        ),
        "tasks": len(counted),
        "signed": (n(quick, counted), len(counted)),
        "returns": (len(requests), len(counted)),
        "returns_accepted": (n(lambda q: q.accepted is True, requests), len(requests)),
        "answered": (len(done), len(due)),
        "answered_of_all": (len(done), len(handled)),
        "in_time": (n(lambda r: r.in_time(), due), len(due)),
        "in_batch": before("batch_due_on"),
        "in_house": before("internal_due_on"),
        "extended": (
            n(lambda r: any(r.limit(t) > t.legal_due_on for t in r.main), handled), len(handled)
        ),
        "overdue": n(lambda r: not r.answered, due),
        "days": round(sum(days) / len(days) + 1e-9, 1) if days else None,
        "met": (n(lambda r: r.met(), done), len(done)),
        "three_talks": (
            n(lambda r: len({c.phase for t in r.main for c in t.contacts.all()}) == 3, done),
            len(done),
        ),
        "opinions": (
            n(lambda t: opinion(t) is not None and opinion(t) <= t.legal_due_on, opinions_due),
            len(opinions_due),
        ),
        "closed": (n(lambda r: r.row.state in ("closed", "archived"), handled), len(handled)),
        "solved": (n(lambda r: r.classes(False).canonical == "solved", done), len(handled)),
        "closed_by_rule": (
            n(lambda r: r.row.state in ("closed", "archived"), handled), len(handled)
        ),
        "done": (
            n(lambda r: r.classes(False).canonical in ("solved", "partly"), done), len(done)
        ),
        "carried_out": (n(carried_out, done), len(done)),
        "pledges_in_time": (
            n(lambda p: p[0].state == "kept" and p[0].kept_on <= p[1], promises), len(promises)
        ),
        "pledges_kept": (n(lambda p: p[0].state == "kept", promises), len(promises)),
        "class_contested": (
            n(lambda r: any(w.agrees_with_class is False and w.state == "given"
                            for w in r.words()), done),
            n(lambda r: any(w.state == "given" for w in r.words()), done),
        ),
        "received": (n(lambda w: w.state == "given", words), len(words)),
        "satisfied": (n(lambda r: r.last() in GOOD, heard), len(heard)),
        "satisfied_first": (n(lambda r: r.value(1) in GOOD, heard_first), len(heard_first)),
        "only_satisfied": (n(lambda r: r.last() == "satisfied", heard), len(heard)),
        "satisfied_of_answered": (n(lambda r: r.last() in GOOD, done), len(done)),
        "unsatisfied_first": (
            n(lambda r: r.value(1) == "unsatisfied", heard_first), len(heard_first)
        ),
        "unsatisfied": (n(lambda r: r.last() == "unsatisfied", heard), len(heard)),
        "rehandled": (n(lambda r: r.row.round > 1, done), len(done)),
        "rehandled_satisfied": (n(lambda r: r.last() in GOOD, again), len(again)),
        "explained": n(lambda r: r.row.studies.filter(result="explain").exists(), handled),
        "published": (n(lambda r: r.published(), done), len(done)),
        "published_of_due": (
            n(lambda r: r.published(), done),
            n(lambda r: r.published() or not r.withheld(), done),
        ),
        "key": n(lambda r: r.row.is_key, base),
        "key_closed": (n(lambda r: r.row.state in ("closed", "archived"), key), len(key)),
    }  # fmt: skip
    return found, rows


def carried_out(r: Recount) -> bool:
    if r.classes(False).canonical == "solved":
        return True
    rows = [p for p, _ in r.promises()]
    return bool(rows) and all(
        p.state == "kept" or (p.state != "broken" and p.due_on >= ON) for p in rows
    )


def due_of(r: Recount) -> dt.date:
    """Seven working days after it came in, counted one by one."""
    from congress.holidays import work_calendar
    from congress.rules import is_working_day

    calendar, day, left = work_calendar(), timezone.localdate(r.row.submitted_at), 7
    while left:
        day += dt.timedelta(days=1)
        left -= is_working_day(day, calendar)
    return day


@pytest.mark.parametrize("seed", [1, 20])
def test_every_figure_of_a_year_is_what_a_recount_by_hand_gives(rules, in_binhai, seed):
    maker = Maker(seed)
    maker.year(8, sitting=maker.sitting_before)
    maker.year(45)
    year = present(stage.clerk(in_binhai))
    by_hand, rows = recount()
    counted = {}
    for formula in FORMULAS:
        figure = evaluate(formula, year.items)
        if formula.amount:
            counted[formula.key] = None if figure.value is None else float(figure.value)
        elif formula.is_rate:
            counted[formula.key] = len(figure.top), len(figure.of)
        else:
            counted[formula.key] = figure.value
    assert counted == by_hand
    assert [c for c in checks(year.items) if not c.ok] == []
    _same_parts(year, rows)
    _same_units(year, rows)


def _same_parts(year, rows):
    base = [r for r in rows if r.base]
    tops = collections.Counter(r.row.category.parent.name for r in base)
    assert {p.name: p.figures["registered"].value for p in by_place(year.items, "category")} == tops
    leads = collections.Counter(r.lead for r in base)
    assert {p.key: p.figures["registered"].value for p in by_place(year.items, "deputy")} == leads
    for by in ("delegation", "committee", "street"):
        parts = by_place(year.items, by)
        for key in ("registered", "handled", "solved", "unsatisfied"):
            whole = evaluate_all(FORMULAS, year.items)[key]
            assert sum(len(p.figures[key].top) for p in parts) == len(whole.top)
    done = [r for r in rows if r.answered]
    for first in (True, False):
        marks = collections.Counter(r.classes(first).mark for r in done)
        assert {k.mark: len(f.top) for k, f in by_class(year.items, first=first)} == marks
    words = [w for r in rows for w in r.words()]
    for number in (1, 2, None):
        mine = [w for w in words if number in (None, w.round)]
        values = {
            "silent": sum(w.state != "given" for w in mine),
            "unchecked": 0,
            **{
                v: sum(
                    Recount.worst(None, [r.value for r in w.ratings.all()]) == v
                    for w in mine
                    if w.state == "given"
                )
                for v in ("satisfied", "basically", "unsatisfied")
            },
        }
        assert {v: len(f.top) for v, f in by_value(year.items, number)} == values
    sides = {}
    for word in sorted(words, key=lambda w: (w.round, w.pk)):
        if word.state == "given":
            sides[word.assignment_id, word.deputy_id] = {
                r.dimension: r.value for r in word.ratings.all()
            }
    for name, figure in by_dimension(year.items):
        rated = [s[name] for s in sides.values() if name in s]
        assert (len(figure.top), len(figure.of)) == (sum(v in GOOD for v in rated), len(rated))


def _same_units(year, rows):
    tasks = collections.defaultdict(list)
    for r in rows:
        for task in r.counted:
            tasks[task.unit_id].append((r, task))
    parts = {p.key: p.figures for p in by_unit(year.items)}
    assert set(parts) == set(tasks)
    for unit, mine in tasks.items():
        main = [(r, t) for r, t in mine if t in r.main]
        done = [(r, t) for r, t in main if r.replies[t.pk]]
        due = [(r, t) for r, t in main if r.replies[t.pk] or r.limit(t) < ON]
        joint = [t for r, t in mine if t.role == "joint" and t.state != "returned"]
        found = parts[unit]
        assert found["main"].value == len(main)
        assert found["joint"].value == len(joint)
        assert _pair(found["answered"]) == (len(done), len(due))
        in_time = [1 for r, t in done if r.replies[t.pk][1] <= r.limit(t)]
        assert _pair(found["in_time"]) == (len(in_time), len(due))
        values = [_task_value(t, 1) for _, t in main]
        heard = [v for v in values if v]
        assert _pair(found["satisfied_first"]) == (sum(v in GOOD for v in heard), len(heard))
        last = [v for v in (_task_value(t, 2) or _task_value(t, 1) for t in joint) if v]
        assert _pair(found["joint_satisfied"]) == (sum(v in GOOD for v in last), len(last))


def _pair(figure):
    return len(figure.top), len(figure.of)


def _task_value(task, number: int) -> str:
    words = task.feedbacks.filter(round=number, state="given", superseded_at=None)
    return Recount.worst(
        None, [Recount.worst(None, [r.value for r in w.ratings.all()]) for w in words]
    )


def test_the_deputies_figures_are_those_of_a_recount(rules, in_binhai):
    Maker(7).year(40)
    year = present(stage.clerk(in_binhai))
    _, rows = recount()
    base = [r for r in rows if r.base]
    found = year.of_deputies
    assert _pair(found["per_deputy"]) == (sum(r.lead is not None for r in base), 24)
    assert _pair(found["leading"]) == (len({r.lead for r in base if r.lead}), 24)
    assert _pair(found["taking_part"]) == (len({s for r in base for s in r.signers}), 24)
    assert str(found["per_deputy"].value) == f"{sum(bool(r.lead) for r in base) / 24:.2f}"


def test_planned_ones_of_last_year_that_were_solved_this_year(rules, in_binhai):
    """上一年 B 类在本年转为 A 类: what changed before this year is no upgrade of this year."""
    maker = Maker(5)
    maker.year(30, sitting=maker.sitting_before)
    eve = maker.sitting.opens_on - dt.timedelta(days=1)
    planned = [
        r for r in map(Recount, Suggestion.objects.filter(assigned_on__lte=eve))
        if r.answered and worst([then(t, eve) for t in r.main]) == "planned"
    ]  # fmt: skip
    assert len(planned) > 4
    for r in planned[:3]:
        for task in r.main:
            ClassChange.objects.create(
                assignment=task, from_class=maker.classes["B"], to_class=maker.classes["A"],
                reason="已落实", proposed_by=maker.clerk,
                deputy_agreed_at=at(dt.date(2026, 3, 2)),
                committee_agreed_at=at(dt.date(2026, 3, 9)),
            )  # fmt: skip
    figure = present(stage.clerk(in_binhai)).upgraded
    assert sorted(figure.top) == sorted(r.row.pk for r in planned[:3])
    assert sorted(figure.of) == sorted(r.row.pk for r in planned)


def then(task, day) -> str:
    found = [(on, k) for _, on, k in Recount.served(None, task) if on <= day]
    for change in task.class_changes.exclude(committee_agreed_at=None):
        on = timezone.localdate(max(change.deputy_agreed_at, change.committee_agreed_at))
        found += [(on, change.to_class)] if on <= day else []
    return sorted(found, key=lambda p: p[0])[-1][1].canonical if found else "none"


def worst(names) -> str:
    order = ["solved", "partly", "planned", "not_now", "explained", "none"]
    return max(names, key=order.index)


# -- What is no judgement of a reply ------------------------------------------------------------

SAID = ("F60", "F61", "F62", "F63", "F64", "F65", "F66", "U07", "U08")


def said(member, on: dt.date) -> dict[str, tuple]:
    items = present(member, on).items
    found = [f for f in evaluate_all(FORMULAS, items).values() if f.formula.id in SAID]
    units = [part.figures[f.key] for part in by_unit(items) for f in UNIT_FORMULAS]
    found += [f for f in units if f.formula.id in SAID]
    return {f.formula.id: (f.top, f.of) for f in found} | {"F79": dict(by_value(items, None))}


def test_trap_50_other_evaluations_never_enter_the_satisfaction_with_replies(rules, in_binhai):
    """A promise's receipt, a key item's rating, a look back: each its own count."""
    people, housing = stage.people(), cast.member(in_binhai, Role.HANDLING_UNIT)
    clerk, march = stage.clerk(in_binhai), dt.date(2026, 3, 10)
    row = stage.assigned(in_binhai, people[0], [(housing.unit, "sole")])
    pledge = actions.Pledge("装十二部", "通过验收", "副局长李某", dt.date(2026, 6, 30))
    task = stage.task_of(row, housing.unit)
    row = stage.answered(task, housing, march, "B", promises=[pledge])
    row = stage.judged(row, march, "satisfied")
    before = said(clerk, ON)
    assert before["F61"] == ((row.pk,), (row.pk,))
    with stage.on(dt.date(2026, 6, 30)):
        promise = actions.report_promise(
            row.promises.get(), by=housing, text="全部装完。", signer="局长程某"
        )
        actions.confirm_promise(promise, by=clerk)
        actions.receipt_promise(
            promise, by=people[0].membership, value="unsatisfied", text="只装了十部。"
        )
        key = actions.propose_key(row, by=clerk, plan="现场督办。")
        held = Meeting.objects.create(kind="chairpersons", number=12, title="第十二次主任会议",
                                      held_on=dt.date(2026, 6, 29))  # fmt: skip
        committee = Unit.objects.get(short_name="财经委")
        key = actions.decide_key(key, by=clerk, meeting=held, committee=committee,
                                 leader=cast.member(in_binhai, Role.CHAIR))  # fmt: skip
        actions.note_supervision(
            key, by=clerk, kind="site", on=dt.date(2026, 6, 30), text="到现场察看。"
        )
        actions.end_supervision(key, by=clerk, result="未全部装完。", rating="不满意")
        campaign = actions.open_lookback(
            by=clerk, title="回头看", term=Term.objects.get(), due_on=dt.date(2026, 7, 31),
            meanings=["planned"],
        )  # fmt: skip
        item = campaign.items.get()
        actions.find_again(
            item, by=housing, finding="solved", text="十二部全部装完。", signer="局长程某"
        )
        actions.answer_finding(item, by=people[0].membership, word="differs", text="只装了十部。")
    assert said(clerk, ON) == before


# -- Queries, neighbours ------------------------------------------------------------------------


def queries_for(member, on=ON) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        present(member, on)
    return len(found)


def test_a_year_is_read_in_the_same_number_of_queries_for_one_and_many(rules, in_binhai):
    maker = Maker(3)
    maker.year(3)
    clerk = stage.clerk(in_binhai)
    few = queries_for(clerk)
    for n in range(100, 130):
        maker.one(n)
    assert queries_for(clerk) == few
    assert few < 60


def test_the_neighbours_suggestions_are_in_no_figure(rules, in_binhai, shanyang):
    from congress.tenancy import in_congress

    Maker(3).year(5)
    with in_congress(shanyang):
        stage.ready()
        Maker(3).year(9)
        assert len(present(stage.clerk(shanyang)).items) == 9
    assert len(present(stage.clerk(in_binhai)).items) == 5


def test_a_street_counts_the_suggestions_of_its_deputies(rules, in_binhai):
    Maker(3).year(30)
    street = cast.member(in_binhai, Role.STREET)
    mine = present(street).items
    assert mine and {i.street.name for i in mine} == {"东湖街道"}
    assert len(mine) < len(present(stage.clerk(in_binhai)).items)


def test_units_formulas_keep_their_numerators_within_their_denominators(rules, in_binhai):
    Maker(11).year(40)
    year = present(stage.clerk(in_binhai))
    for part in by_unit(year.items):
        for formula in UNIT_FORMULAS:
            figure = part.figures[formula.key]
            assert not formula.is_rate or set(figure.top) <= set(figure.of), formula.name

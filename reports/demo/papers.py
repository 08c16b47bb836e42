"""The demo's years of suggestions, written at once: raised, looked at, numbered, handed over.

The rows are what the actions would have left, each with its own day; `handling` follows every
suggestion from there. What is still going on today is told step by step (see current.py).
"""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone

from congress.holidays import work_calendar
from congress.models import Membership, Role, Sitting, Unit
from congress.rules import add_working_days, is_working_day, next_working_day
from deputies.models import Deputy, Mandate
from suggestions import actions
from suggestions.models import (
    Assignment,
    AssignmentBatch,
    Category,
    LikelyUnit,
    MergedItem,
    MergeGroup,
    NumberSeries,
    ResultClass,
    Review,
    Revision,
    RuleSet,
    Signature,
    Suggestion,
    WishedUnit,
)
from suggestions.rules import HandlingRules
from suggestions.rules.numbering import number_of
from suggestions.rules.similarity import title_pairs
from suggestions.rules.texts import CHECKS, GROUNDS, fingerprint

from . import clock
from .handling import Handling
from .matters import Paper, Writer, matters
from .rows import Rows

if TYPE_CHECKING:
    from .year import Story

State = Suggestion.State
# Raised at the sitting and between sittings, by year. Published districts have 170 to 280 a year.
COUNTS = {
    "gulou": {2024: (158, 49), 2025: (172, 57), 2026: (163, 51)},
    "yunze": {2024: (58, 14), 2025: (64, 17), 2026: (61, 16)},
    "liuxi": {2024: (11, 4), 2025: (13, 4), 2026: (12, 5)},
}
SIZES = {"gulou": "district", "yunze": "city", "liuxi": "town"}
TEMPLATES = {"gulou": "plain", "yunze": "strict", "liuxi": "township"}
HANDED_OVER = {2024: dt.date(2024, 2, 5), 2025: dt.date(2025, 2, 10), 2026: dt.date(2026, 2, 4)}
LAST_DAY = {2024: dt.date(2024, 10, 25), 2025: dt.date(2025, 10, 24), 2026: dt.date(2026, 9, 18)}
RECENT = {"mid-year": 42, "year-end": 9}  # raised in the last three months, for 50 a year
COMMITTEE_OF = {
    "城乡建设": "城建环资工委", "交通运输": "城建环资工委", "生态环境": "城建环资工委",
    "教科文卫体": "教科文卫工委", "民政社保": "社会委", "财政经济": "财经委",
    "农业农村": "财经委", "政法和公共安全": "监司委", "其他": "社会委",
}  # fmt: skip
SENT_BACK = (
    "反映了两件互不相关的事，请分开提出，一事一议。",
    "请写明所涉小区和路段的具体位置，便于承办单位核实。",
    "具体建议较为笼统，请提出可以办理的措施。",
)
REFUSALS = (
    ("case", "所反映的合同纠纷正在法院审理，应当通过诉讼程序解决。已向代表当面说明。"),
    ("competence", "所提事项属国家层面政策，已将材料转上级代表参考，并向代表作了说明。"),
    ("petition", "属信访材料转交，已按信访程序转有关部门处理，并向代表说明。"),
)  # fmt: skip


@dataclass
class Life:
    """One suggestion on its way: its row, its people, its days."""

    row: Suggestion
    paper: Paper
    signers: list[Deputy]
    rules: RuleSet
    numbers: HandlingRules
    classes: dict[str, ResultClass]
    batch: AssignmentBatch | None = None
    tasks: list[Assignment] = field(default_factory=list)
    is_merged_in: bool = False  # its matter counts as duty with the main item's


class Papers:
    """Suggestions of one congress."""

    def __init__(self, story: "Story"):
        self.story, self.place = story, story.place
        self.chance = random.Random(story.place.seed * 31)
        self.writer = Writer(random.Random(story.place.seed * 37), SIZES[story.place.key])
        self.today = timezone.localdate()
        self.is_town = SIZES[self.place.key] == "town"
        self.raised: list[tuple[Paper, Suggestion]] = []

    # -- What must be there first --------------------------------------------------------------

    def begin(self) -> None:
        """Rules in force, categories with their committees and likely units, people by unit."""
        story, key = self.story, self.place.key
        since = dt.date(2022, 3, 1)
        body = "主席团" if self.is_town else "常委会"
        document = f"{self.place.name}人大{body}代表建议、批评和意见办理办法"
        with clock.at(since - dt.timedelta(days=10), 10):
            rules = RuleSet.objects.filter(template_key=TEMPLATES[key]).first()
            rules = rules or actions.make_rule_set(by=story.clerk, template=TEMPLATES[key])
            self.rules = actions.publish_rule_set(
                rules, by=story.chief, in_force_from=since, basis_document=document
            )
        if key == "gulou":
            with clock.at(dt.date(2024, 12, 20), 10):
                newer = actions.draft_rule_set(self.rules, by=story.clerk)
                newer = actions.edit_rule_set(newer, by=story.clerk, first_contact_days=20)
                actions.publish_rule_set(
                    newer, by=story.chief, in_force_from=dt.date(2025, 1, 1),
                    basis_document=f"{document}（2024年修订）",
                )  # fmt: skip
        units = {u.short_name: u for u in Unit.objects.all()}
        for top, short in COMMITTEE_OF.items():
            if short in units:
                Category.objects.filter(parent__name=top).update(committee=units[short])
                Category.objects.filter(name=top, parent=None).update(committee=units[short])
        self.learn()
        known = {c.name: c for c in self.categories.values()}
        pairs = {(known[m.category].pk, self.unit_of(m).pk) for m in matters() if self._fits(m)}
        LikelyUnit.objects.bulk_create(
            LikelyUnit(category_id=category, unit_id=unit, position=n)
            for n, (category, unit) in enumerate(sorted(pairs))
        )

    def learn(self) -> None:
        """Read what the writing needs; a later part of the story begins with it again."""
        self.units = {u.short_name: u for u in Unit.objects.all()}
        self.people: dict[int, Membership] = {}
        roles = (Role.HANDLING_UNIT, Role.GOVERNMENT_OFFICE, Role.COMMITTEE, Role.STREET)
        for member in Membership.objects.filter(role__in=roles).select_related("user", "unit"):
            self.people.setdefault(member.unit_id, member)
        self.office = Unit.objects.filter(kind=Unit.Kind.GOVERNMENT_OFFICE).first()
        self.categories = {c.name: c for c in Category.objects.exclude(parent=None)}
        self.calendar = work_calendar()
        self.published = list(
            RuleSet.objects.filter(state=RuleSet.State.PUBLISHED).order_by("-in_force_from")
        )
        self.classes = {
            rules.pk: {c.canonical: c for c in rules.classes.all()} for rules in self.published
        }
        self.sittings = list(Sitting.objects.order_by("opens_on"))
        self.handling = Handling(self)

    def _fits(self, matter) -> bool:
        size = SIZES[self.place.key]
        return matter.rural if size == "town" else size != "district" or not matter.rural

    def unit(self, short: str) -> Unit:
        """A unit by its short name, with or without 区 or 市 before it."""
        return self.units.get(short) or self.units[self.place.letter + short]

    def unit_of(self, matter) -> Unit:
        """Who handles a matter here."""
        if self.is_town:
            return self.unit(matter.town_unit)
        return self.unit("社会委" if matter.committee else matter.unit)

    def rules_on(self, on: dt.date) -> RuleSet:
        return next(r for r in self.published if r.in_force_from <= on)

    # -- A year --------------------------------------------------------------------------------

    def year(self, year: int) -> None:
        """Every suggestion of a sitting's year, until today at most."""
        self.learn()
        self.rows = Rows()
        self.last: dict[str, int] = {}
        sitting = next(s for s in self.sittings if s.opens_on.year == year)
        at_sitting, between = COUNTS[self.place.key][year]
        days = [self.workday_after(d) for d in self._spread(between, HANDED_OVER[year], year)]
        if year == max(COUNTS[self.place.key]):
            days += self._recent()
        batch = self._batch(sitting, HANDED_OVER[year])
        lives = [self._raise(sitting, sitting.opens_on, batch) for _ in range(at_sitting)]
        lives += [self._raise(sitting, day, None) for day in days if day < self.today]
        with clock.at(sitting.opens_on, 9):
            for series, last in self.last.items():
                key = f"{sitting.term_id}/{sitting.number}/{series}"
                NumberSeries.objects.update_or_create(key=key, defaults={"last": last})
        self._merge([life for life in lives if life and life.batch])
        for life in lives:
            if life is not None:
                self.handling.live(life)
        self.handling.watching.supervise([life for life in lives if life], year)
        self.rows.write()
        self.handling.judgement.count_duties([life for life in lives if life])
        actions.keep_limits([row for _, row in self.raised if row.sitting_id == sitting.pk])

    def _batch(self, sitting: Sitting, on: dt.date) -> AssignmentBatch:
        number = sitting.number
        with clock.at(on - dt.timedelta(days=6), 9):
            batch = AssignmentBatch(
                title=f"第{number}次会议代表建议交办会",
                meeting_on=on,
                signed_on=on,
                assigned_on=on,
                reply_due_on=dt.date(on.year, 4, 30) if self.place.key == "gulou" else None,
                state=AssignmentBatch.State.DONE,
                by=self.story.clerk,
            )
            batch.save()
        return batch

    def _spread(self, count: int, since: dt.date, year: int) -> list[dt.date]:
        span = (LAST_DAY[year] - since).days
        return sorted(
            since + dt.timedelta(days=self.chance.randrange(3, span)) for _ in range(count)
        )

    def _recent(self) -> list[dt.date]:
        """Raised in these three months: in mid-year far more is in hand."""
        count = RECENT[self.story.stage] * COUNTS[self.place.key][2026][1] // 50
        days = (self.today - dt.timedelta(days=self.chance.randrange(4, 88)) for _ in range(count))
        return sorted(self.workday_after(day) for day in days)

    def workday_after(self, day: dt.date) -> dt.date:
        """The day itself if offices work on it, otherwise the next on which they do."""
        return next_working_day(day, self.calendar)

    def _raise(self, sitting: Sitting, on: dt.date, batch: AssignmentBatch | None) -> Life | None:
        """Raised, signed, reviewed, registered; None where it ended before it had a number."""
        chance, story = self.chance, self.story
        seat = self.lead(on)
        paper, before = self._paper(seat)
        signers = [seat.deputy, *self._cosigners(seat, on)]
        day = on + dt.timedelta(days=chance.randrange(0, 3) if batch and not self.is_town else 0)
        moment = clock.moment(day, chance.randrange(9, 18), chance.randrange(60))
        rules = self.rules_on(day)
        row = self.rows.add(
            Suggestion,
            state=State.CLOSED,
            kind=chance.choices(list(Suggestion.Kind), (94, 2, 4))[0],
            raised_in="sitting" if batch else "between",
            channel="sitting" if batch else chance.choices(
                ("between", "inspection", "station"), (50, 20, 30))[0],
            term_id=sitting.term_id,
            sitting=sitting,
            title=paper.title,
            situation=paper.situation,
            requests=paper.requests,
            category=self.categories[paper.matter.category],
            lead=seat.deputy,
            street_id=seat.street_id,
            raised_before=before,
            wants_meeting=chance.random() < 0.6,
            may_publish_text=chance.choices((True, False, None), (90, 4, 6))[0],
            may_publish_reply=chance.choices((True, False, None), (88, 5, 7))[0],
            hides_name=chance.random() < 0.02,
            written_by=seat.deputy.membership,
            created_at=moment - dt.timedelta(days=3),
            saved_at=moment,
            submitted_at=moment,
            title_pairs=title_pairs(paper.title),
        )  # fmt: skip
        digest = fingerprint(row.title, row.situation, row.requests)
        for n, deputy in enumerate(signers[1:], start=1):
            self.rows.add(
                Signature, suggestion=row, deputy=deputy, position=n,
                state=Signature.State.CONFIRMED, text_sha256=digest,
                invited_at=moment - dt.timedelta(days=2),
                answered_at=moment - dt.timedelta(hours=5),
            )  # fmt: skip
        if chance.random() < 0.35:
            self.rows.add(WishedUnit, suggestion=row, unit=self.unit_of(paper.matter))
        revision = self._text(row, moment, digest)
        seen = self._reviews(row, revision, seat, moment, rules, digest)
        self.raised.append((paper, row))
        life = Life(row, paper, signers, rules, HandlingRules.of(rules), self.classes[rules.pk])
        if chance.random() < 0.018:
            ground, words = chance.choice(REFUSALS)
            self._review(row, revision, "review", seen, story.clerk, Review.Result.REFUSED, words,
                         ground if ground in GROUNDS else "vague")  # fmt: skip
            row.state, row.category = State.NOT_ACCEPTED, None
            return None
        self._review(row, revision, "review", seen, story.clerk)
        series = "" if batch else "闭"
        n = self.last[series] = self.last.get(series, 0) + 1
        row.number = number_of(
            rules.number_format, term=sitting.term.number, sitting=sitting.number, series=series,
            n=n, year=moment.year,
        )  # fmt: skip
        row.registered_at = seen
        handed = batch.assigned_on if batch else add_working_days(
            timezone.localdate(seen), chance.randrange(1, 6), self.calendar)  # fmt: skip
        if handed >= self.today:
            row.state = State.REGISTERED
            return None
        if chance.random() < 0.012:
            row.state = State.WITHDRAWN
            return None
        row.assigned_on, row.rule_set, life.batch = handed, rules, batch
        return life

    def _paper(self, seat: Mandate) -> tuple[Paper, Suggestion | None]:
        street = seat.street.short_name if seat.street_id else self.place.name
        last = [pair for pair in self.raised if pair[1].lead_id == seat.deputy_id]
        if last and self.chance.random() < 0.16:
            paper, row = last[-1]
            if row.number and not paper.title.startswith("关于再次"):
                return self.writer.again(paper), row
        return self.writer.write(street), None

    def lead(self, on: dt.date) -> Mandate:
        """A deputy in office who raises something; the zealous more often."""
        seats = [
            (s, p.zeal**2) for s, p in zip(self.story.seats, self.story.people, strict=True)
            if s.starts_on <= on and (s.ends_on is None or s.ends_on > on)
            and s.deputy.membership_id
        ]  # fmt: skip
        return self.chance.choices([s for s, _ in seats], [w for _, w in seats])[0]

    def _cosigners(self, lead: Mandate, on: dt.date) -> list[Deputy]:
        chance = self.chance
        if chance.random() < 0.46:
            return []
        near = [
            s.deputy for s in self.story.seats
            if s.delegation_id == lead.delegation_id and s.pk != lead.pk and s.starts_on <= on
            and s.ends_on is None and s.deputy.membership_id
        ]  # fmt: skip
        count = chance.choices((1, 2, 3, 4, 6, 9), (26, 30, 18, 12, 9, 5))[0]
        return chance.sample(near, min(count, len(near)))

    def _text(self, row: Suggestion, at: dt.datetime, digest: str, number: int = 1) -> Revision:
        return self.rows.add(
            Revision, suggestion=row, number=number, title=row.title, situation=row.situation,
            requests=row.requests, sha256=digest, by=row.written_by, at=at,
        )  # fmt: skip

    def _reviews(self, row, revision, seat, at, rules, digest) -> dt.datetime:
        """The steps of pre-review, some of them only the second time; gives the last moment."""
        for step in rules.pre_review_steps:
            street = step == "street" and self.story.of_street.get(seat.street_id)
            by = street or self.story.clerk
            if step == "street" and self.chance.random() < 0.07:
                words = self.chance.choice(SENT_BACK)
                at += dt.timedelta(minutes=50)
                self._review(row, revision, "pre_review", at, by, Review.Result.SENT_BACK, words)
                at += dt.timedelta(hours=3)
                revision = self._text(row, at, digest, 2)
                row.submitted_at = at
            at += dt.timedelta(minutes=self.chance.randrange(40, 240))
            self._review(row, revision, step, at, by)
        if row.raised_in == "between":
            after = add_working_days(timezone.localdate(at), 1, self.calendar)
            return clock.moment(after, 10, self.chance.randrange(60))
        return at + dt.timedelta(minutes=90)

    def _review(self, row, revision, step, at, by, result=Review.Result.PASSED, opinion="",
                ground="") -> None:  # fmt: skip
        passed = result == Review.Result.PASSED
        self.rows.add(
            Review, suggestion=row, revision=revision, step=step, result=result, opinion=opinion,
            ground=ground, checks=dict.fromkeys(CHECKS, passed), by=by, at=at,
        )  # fmt: skip

    def _merge(self, lives: list[Life]) -> None:
        """Some of the same matter in the same street are handled together."""
        groups: dict[tuple, list[Life]] = {}
        for life in lives:
            groups.setdefault((life.paper.matter.titles[0], life.row.street_id), []).append(life)
        alike = [rows for rows in groups.values() if len(rows) > 1][:4]
        for rows in alike:
            at = clock.moment(rows[0].row.assigned_on - dt.timedelta(days=7), 15)
            group = self.rows.add(
                MergeGroup, main=rows[0].row, reason="同一街道反映同一问题，合并办理、分别答复",
                by=self.story.clerk, at=at,
            )  # fmt: skip
            for life in rows[:3]:
                self.rows.add(MergedItem, group=group, suggestion=life.row, joined_at=at)
                life.is_merged_in = life is not rows[0]

    def workday(self, day: dt.date) -> bool:
        return is_working_day(day, self.calendar)

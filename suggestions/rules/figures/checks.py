"""Whether the figures of a year agree with each other. Where they do not, the rows are named."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..progress import role_faults
from .breakdowns import UNCHECKED, by_class, by_place, by_unit, by_value, value_of
from .formula import evaluate, evaluate_all
from .formulas import FORMULAS
from .items import Item
from .tasks import Task

_BY_KEY = {f.key: f for f in FORMULAS}
AFTER_REPLY = ("answered", "dissatisfied", "rehandling", "escalated", "closed", "archived")


@dataclass(frozen=True)
class Check:
    """Two sides that must be equal, and the rows that keep them from it."""

    key: str
    title: str
    left: str
    left_number: int
    right: str
    right_number: int
    kind: str = "item"
    rows: tuple[int, ...] = ()
    why: str = ""  # what is wrong with these rows

    @property
    def ok(self) -> bool:
        return self.left_number == self.right_number and not self.rows

    @property
    def says(self) -> str:
        return f"{self.left}{self.left_number}，{self.right}{self.right_number}"


def checks(items: Sequence[Item]) -> list[Check]:
    """Every check before a report is printed, in the order of the chapters."""
    figures = {key: len(f.top) for key, f in evaluate_all(FORMULAS, items).items()}
    return [
        _received(figures),
        *_registered(figures),
        _categories(items),
        _numbers(items),
        *_assigned(items),
        _units(items),
        *_answered(items),
        _due(figures, items),
        *_classes(items),
        *_judgements(items),
        *_parts_of_wholes(items),
    ]


def _received(n: dict[str, int]) -> Check:
    apart = ("waiting", "not_accepted", "withdrawn_before", "secret", "registered")
    return Check(
        "received", "收到＝审查中＋不作为建议＋交办前撤回＋涉密＋登记", "收到", n["submitted"],
        "各项之和", sum(n[key] for key in apart),
    )  # fmt: skip


def _registered(n: dict[str, int]) -> list[Check]:
    kept = n["handled"] + n["withdrawn_after"] + n["terminated"]
    return [
        Check("registered", "登记＝应办＋办理中撤回＋终止", "登记", n["registered"], "之和", kept),
        Check("raised", "登记＝会议期间＋闭会期间", "登记", n["registered"], "两项之和",
              n["sitting"] + n["between"]),
    ]  # fmt: skip


def _categories(items: Sequence[Item]) -> Check:
    base = [i for i in items if i.is_base]
    parts = by_place(items, "category")
    without = tuple(i.pk for i in base if i.category.pk is None)
    return Check(
        "categories", "各分类之和＝登记", "登记", len(base), "各分类之和",
        sum(len(p.figures["registered"].top) for p in parts if p.key is not None),
        rows=without, why="没有分类",
    )  # fmt: skip


def _numbers(items: Sequence[Item]) -> Check:
    base = [i for i in items if i.is_base]
    numbers: dict[str, list[int]] = {}
    for item in base:
        numbers.setdefault(item.number, []).append(item.pk)
    wrong = [pk for number, pks in numbers.items() for pk in pks if not number or len(pks) > 1]
    return Check(
        "numbers", "每件登记件有一个编号，编号不重复", "登记", len(base), "不同的编号",
        len([n for n in numbers if n]), rows=tuple(wrong), why="没有编号或者编号重复",
    )  # fmt: skip


def _assigned(items: Sequence[Item]) -> list[Check]:
    done = [i for i in items if i.is_handled and i.assigned_on]
    named = [i for i in done if any(t.is_counted and t.is_live for t in i.tasks)]
    wrong = [
        i for i in named if role_faults([t.role for t in i.tasks if t.is_counted and t.is_live])
    ]
    nobody = [i for i in done if not any(t.is_live for t in i.tasks)]
    early = [i for i in done if any(t.assigned_on < i.assigned_on for t in i.tasks if t.is_live)]
    return [
        _agree("divisions", "每件已分办建议的承办分工成立", named, wrong, "承办单位的分工不成立"),
        _agree("owned", "每件已交办建议都有单位承办", done, nobody, "已交办，但没有单位承办"),
        _agree("days", "承办任务不早于交办日", done, early, "承办任务的日期早于交办日期"),
    ]


def _agree(key: str, title: str, all_: Sequence, wrong: Sequence, why: str) -> Check:
    return Check(
        key, title, "应有", len(all_), "相符", len(all_) - len(wrong),
        rows=tuple(i.pk for i in wrong), why=why,
    )  # fmt: skip


def _units(items: Sequence[Item]) -> Check:
    """Items and assignments are two numbers; the units' own sum must be that of the items."""
    total = len(evaluate(_BY_KEY["tasks"], items).top)
    return Check(
        "units", "各单位承办任务之和＝承办任务", "承办任务", total, "各单位之和",
        sum(
            len(p.figures["main"].top) + len(p.figures["joint"].top)
            + len([t for t in _returned(items) if t.unit == p.key])
            for p in by_unit(items)
        ),
    )  # fmt: skip


def _returned(items: Iterable[Item]) -> list[Task]:
    return [t for i in items for t in i.counted if not t.is_live]


def _answered(items: Sequence[Item]) -> list[Check]:
    said = [i for i in items if i.is_handled and i.state in AFTER_REPLY]
    unserved = [i for i in said if not i.is_answered]
    silent = [i for i in items if i.is_handled and i.is_answered and i.state not in AFTER_REPLY]
    before = [
        i for i in items
        if i.is_answered and any(t.answered_on < i.assigned_on for t in i.main)
    ]  # fmt: skip
    return [
        _agree("served", "状态为已答复的，答复都已送达", said, unserved,
               "状态为已答复，但有答复没有送达"),
        _agree("answered", "答复都已送达的，状态为已答复",
               [i for i in items if i.is_answered], silent, "答复都已送达，状态不符"),
        _agree("service", "送达日期不早于交办日期", [i for i in items if i.is_answered], before,
               "送达日期早于交办日期"),
    ]  # fmt: skip


def _due(n: dict[str, int], items: Sequence[Item]) -> Check:
    handled = [i for i in items if i.is_handled]
    open_ = len([i for i in handled if not i.is_due])
    return Check(
        "due", "应办＝已答复＋逾期未答复＋未到期", "应办", n["handled"], "各项之和",
        n["answered"] + n["overdue"] + open_,
    )  # fmt: skip


def _classes(items: Sequence[Item]) -> list[Check]:
    done = [i for i in items if i.is_answered]
    found = []
    for first, words in ((False, "现在的"), (True, "首次的")):
        without = [i for i in done if (i.first_class if first else i.current_class) is None]
        found.append(
            Check(
                f"classes_{'first' if first else 'now'}",
                f"各结果类别之和＝已答复（{words}类别）",
                "已答复",
                len(done),
                "各类别之和",
                sum(len(f.top) for _, f in by_class(items, first=first)),
                rows=tuple(i.pk for i in without),
                why="没有结果类别",
            )  # fmt: skip
        )
    return found


def _judgements(items: Sequence[Item]) -> list[Check]:
    words = [w for i in items for w in i.words]
    parts = dict(by_value(items))
    summed = sum(len(f.top) for value, f in parts.items() if value != UNCHECKED)
    open_ = tuple(w.pk for w in words if value_of(w) == UNCHECKED)
    blank = tuple(w.pk for w in words if value_of(w) == "")
    early = tuple(w.pk for i in items if not i.is_answered for w in i.words if w.round > 1)
    return [
        Check(
            "judgements", "满意＋基本满意＋不满意＋未反馈＝应收反馈", "应收", len(words),
            "各档之和", summed, "word", blank + open_,
            "评价没有档次，或者纸质评价表还没有第二人核对",
        ),
        Check("rounds", "没有答复就没有第二轮评价", "应为", 0, "实有", len(early), "word", early,
              "第一轮没有答复，却有后一轮的评价"),
    ]  # fmt: skip


def _parts_of_wholes(items: Sequence[Item]) -> list[Check]:
    """No numerator has a row that its denominator has not."""
    found = []
    for formula in FORMULAS:
        if not formula.is_rate or formula.kind != formula.of_kind:
            continue
        figure = evaluate(formula, items)
        outside = tuple(sorted(set(figure.top) - set(figure.of)))
        if outside:
            found.append(
                Check(
                    f"within_{formula.key}",
                    f"{formula.name}的分子都在分母之内",
                    "分子",
                    len(figure.top),
                    "在分母之内",
                    len(figure.top) - len(outside),
                    formula.kind,
                    outside,
                    f"计入了{formula.top_words}，却不在{formula.of_words}之内",
                )  # fmt: skip
            )
    return found


def faults(found: Iterable[Check], name: Callable[[str, int], str]) -> list[str]:
    """The failed checks in sentences; `name` gives the words for a row."""
    return [
        f"{c.title}：{c.says}" + (f"。{c.why}：{'、'.join(name(c.kind, pk) for pk in c.rows[:20])}"
                                  if c.rows else "")
        for c in found
        if not c.ok
    ]  # fmt: skip

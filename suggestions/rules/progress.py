"""How the tasks of units move a suggestion, and what a joint suggestion's judgement is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

ANSWERING = ("sole", "lead", "separate")
GONE = ("returned", "cancelled")
ANSWERED = ("answered", "done")
OVER = (*ANSWERED, *GONE)  # nothing more is to be done by the unit
GIVEN = ("opinion_given", "done")
ORDER = ("satisfied", "basically", "unsatisfied")


@dataclass(frozen=True)
class Task:
    """A unit's task as the rules see it."""

    key: int
    role: str
    state: str
    waived: bool = False


def is_answered(tasks: Iterable[Task]) -> bool:
    """Whether every unit that owes a reply has served it; 分办: one answered and another not is
    not answered."""
    owed = [t for t in tasks if t.role in ANSWERING and t.state not in GONE]
    return bool(owed) and all(t.state in ANSWERED for t in owed)


def role_faults(roles: Sequence[str]) -> list[str]:
    """What is wrong with the roles of the units of one suggestion (owners left out)."""
    faults = []
    if not roles:
        return ["请至少确定一个承办单位"]
    answering = [r for r in roles if r in ANSWERING]
    if not answering:
        faults.append("没有负责答复的单位：请确定独办、主办或者分办单位")
    if "sole" in roles and len(roles) > 1:
        faults.append("独办时不能再有其他承办单位")
    if "separate" in roles and "lead" in roles:
        faults.append("分办与主办不能同时使用")
    if roles.count("separate") == 1:
        faults.append("分办至少要有两个单位")
    if "joint" in roles and "lead" not in roles:
        faults.append("有会办单位时须有主办单位")
    return faults


def reply_faults(
    *,
    round_number: int,
    talked: bool,
    joint: Iterable[Task],
    has_class: bool,
    needs_promise: bool,
    promises: int,
    needs_reason: bool,
    reason: str,
    publicity: str,
    points_asked: int,
    points_answered: int,
    text: str,
    signed_in_name_of: str,
    unit_name: str,
    key_signer_allowed: bool = False,
    unsigned_leads: Sequence[str] = (),
) -> list[str]:
    """What keeps a reply from being signed off, in sentences; empty when it may go.

    Before a reply there is a talk with the deputy, face to face or as agreed and confirmed by
    the deputy; joint opinions are in or waived with a reason; the class is chosen, a planned one
    has a dated promise, an impossible one its reason; every numbered request is answered; the
    seal is that of the unit assigned, never of an inner office (for key items another body may
    sign). Several units that lead agree first and answer with one document (`unsigned_leads` have
    yet to sign it).
    """
    faults = []
    if not talked:
        faults.append("还没有经代表确认的沟通记录，不能答复")
    missing = [t for t in joint if t.state not in (*GIVEN, *GONE) and not t.waived]
    if missing and round_number == 1:
        faults.append(f"还有{len(missing)}个会办单位没有提交意见；确需先行答复的，请写明理由")
    if unsigned_leads:
        faults.append(f"共同主办的须协商一致、联合答复，还没有会签：{'、'.join(unsigned_leads)}")
    if not has_class:
        faults.append("请选择办理结果类别")
    if needs_promise and not promises:
        faults.append("这一类别须写明承诺事项和完成日期")
    if needs_reason and not reason:
        faults.append("这一类别须写明不能解决的原因")
    if not publicity:
        faults.append("请确定公开属性")
    if points_answered < points_asked:
        faults.append(
            f"代表提出{points_asked}条具体建议，还有{points_asked - points_answered}条没有答复"
        )
    if not text.strip():
        faults.append("请填写答复正文")
    if signed_in_name_of and signed_in_name_of != unit_name and not key_signer_allowed:
        faults.append(f"答复应以“{unit_name}”的名义作出，不能由内设机构或者其他单位署名")
    return faults


SIGNER_RANKS = ("other", "deputy_head", "head")


def signer_fault(rank: str, least: str) -> str:
    """What keeps somebody of this rank from signing a reply off, "" where nothing does. `least` is
    the rules' (any: no matter who)."""
    if least not in SIGNER_RANKS:
        return ""
    words = {"deputy_head": "分管负责人或者主要负责人", "head": "主要负责人"}[least]
    if rank not in SIGNER_RANKS:
        return f"请选择签发人的职务：答复须由{words}签发"
    if SIGNER_RANKS.index(rank) < SIGNER_RANKS.index(least):
        return f"答复须由{words}签发（本级办理规则）"
    return ""


def needs_check(asks_of_all: bool, asks_of_no: bool, says_no: bool) -> bool:
    """Whether somebody outside the unit reads a reply before it goes: every one where the rules
    say so, otherwise those that say no (不能解决的须复核), so that nothing is refused lightly."""
    return asks_of_all or (asks_of_no and says_no)


# -- Judgement --------------------------------------------------------------------------------


def feedback_value(ratings: Mapping[str, str], deciding: str = "") -> str:
    """One deputy's judgement of one unit from its dimensions: the deciding one (总体) where it was
    asked, else the lowest. "" without ratings."""
    if deciding and deciding in ratings:
        return ratings[deciding]
    found = [r for r in ORDER if r in ratings.values()]
    return found[-1] if found else ""


def item_value(values: Mapping[int, str], lead: int | None, rule: str) -> str:
    """The judgement of a joint suggestion (deputy → value, given ones only).

    `rule`: lead (the lead's word), worst, or majority (a tie goes to the lower). Never a value
    for those who did not answer. "" while there is none.
    """
    given = {pk: v for pk, v in values.items() if v}
    if not given:
        return ""
    if rule == "lead" and lead is not None:
        return given.get(lead, "")
    if rule == "majority":
        return max(ORDER, key=lambda v: (list(given.values()).count(v), ORDER.index(v)))
    return max(given.values(), key=ORDER.index)


def outcome(values: Iterable[str], expected: int) -> str:
    """What follows from a round: `open` while words are missing, `object` when one is
    unsatisfied, otherwise `accept`."""
    values = [v for v in values if v]
    if "unsatisfied" in values:
        return "object" if len(values) >= expected else "open"
    return "accept" if len(values) >= expected else "open"

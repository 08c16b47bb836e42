"""评价 as a sheet."""

from collections.abc import Iterable

from congress.xlsx import Sheet

from ..models import Feedback, Suggestion


def judgement_list(rows: Iterable[tuple[Suggestion, Feedback, str]]) -> list[Sheet]:
    """Every judgement of unit × deputy × round; who did not speak stays 未反馈."""
    head = [
        "编号",
        "标题",
        "轮次",
        "单位",
        "承办方式",
        "代表",
        "状态",
        "评价",
        "具体意见",
        "反馈期限",
    ]
    head += ["催请次数", "方式"]
    lines = []
    for s, f, words in rows:
        way = "" if f.state != Feedback.State.GIVEN else "纸质代录" if f.on_behalf else "本人"
        if f.on_behalf and f.confirmed_by_id is None:
            way = "纸质代录，待核对"
        lines.append([
            s.number, s.title, f.round, f.assignment.unit_name, f.assignment.get_role_display(),
            f.deputy.name, f.get_state_display(), words, f.opinion, f.due_on, f.reminders, way,
        ])  # fmt: skip
    return [Sheet("代表评价", head, lines, landscape=True)]

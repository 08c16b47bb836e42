"""并案: what is handled together now, and the reply a unit has already written to one of them."""

from ..models import Assignment, MergedItem, Reply, RuleSet, Suggestion


def merged_with(suggestion: Suggestion) -> list[Suggestion]:
    """The other suggestions it is handled together with now, by their numbers."""
    group = MergedItem.objects.filter(suggestion=suggestion, left_at=None).values("group")
    rows = MergedItem.objects.filter(group__in=group, left_at=None).exclude(suggestion=suggestion)
    return [r.suggestion for r in rows.select_related("suggestion").order_by("suggestion__number")]


def reply_to_share(task: Assignment) -> Reply | None:
    """Where the rules answer merged suggestions with one reply (一并答复): what the unit wrote to
    another of them. None where they answer apart, or nothing was written yet."""
    if task.suggestion.rule_set.merge_mode != RuleSet.MergeMode.ONE:
        return None
    rows = Reply.objects.filter(
        assignment__suggestion__in=merged_with(task.suggestion), assignment__unit=task.unit_id
    ).exclude(state=Reply.State.DROPPED)
    return rows.select_related("assignment__suggestion", "result_class").order_by("-pk").first()

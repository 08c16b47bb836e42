"""What a unit may know of how it was judged: counted, without names, after the round closed."""

from collections import Counter

from ..models import Assignment, Rating, Suggestion

OVER = (Suggestion.State.CLOSED, Suggestion.State.ARCHIVED)


def judgement_for_unit(task: Assignment) -> list[tuple[str, dict[str, int]]]:
    """Per dimension how many said what in the last round; [] while the round is open, and where
    a single deputy judged, for then a figure is a name (背靠背)."""
    suggestion = task.suggestion
    if suggestion.state not in OVER:
        return []
    rows = Rating.objects.filter(
        feedback__assignment=task,
        feedback__round=suggestion.round,
        feedback__superseded_at=None,
    ).values_list("feedback_id", "dimension", "word")
    if len({pk for pk, *_ in rows}) < 2 and suggestion.rule_set.hides_names_until_closed:
        return []
    found: dict[str, Counter] = {}
    for _, dimension, word in rows:
        found.setdefault(dimension, Counter())[word] += 1
    return [(dimension, dict(count)) for dimension, count in found.items()]

"""编号: one series per term, sitting and kind; issued once, never reused."""

from ..models import NumberSeries, RuleSet, Suggestion
from ..rules.numbering import number_of

SERIES = {"sitting": "", "between": "闭"}
BILL, RECEIVED = "案", "转"


def issue_number(suggestion: Suggestion, rules: RuleSet) -> str:
    """The next number of the suggestion's series; the series' row is held until the transaction
    ends, so that two clerks never get the same and a refused registration leaves no gap."""
    series = BILL if suggestion.bill_number else SERIES[suggestion.raised_in]
    series = RECEIVED if suggestion.is_received else series
    sitting = suggestion.sitting.number if suggestion.sitting else 0
    key = f"{suggestion.term_id}/{sitting}/{series}"
    NumberSeries.objects.get_or_create(key=key)
    row = NumberSeries.objects.select_for_update().get(key=key)
    row.last += 1
    row.save()
    year = suggestion.created_at.year
    term = suggestion.term.number
    return number_of(
        rules.number_format, term=term, sitting=sitting, series=series, n=row.last, year=year
    )

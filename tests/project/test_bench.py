"""The measuring itself: figures are read and written right."""

from tests.bench.__main__ import document, in_columns, number, section
from tests.bench.harness import Row, at_most, compared, percentile


def test_a_percentile_is_a_value_that_was_measured():
    assert percentile([3, 1, 2, 4], 50) == 2
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([7.0], 95) == 7.0


def test_a_ratio_over_the_goal_is_said():
    assert compared("x", 3.0, "s", 2.0, most=1.5) == Row(
        "x", 3.0, "s", 2.0, 1.5, "ratio ≤ 1.5", True
    )
    assert compared("x", 3.2, "s", 2.0, most=1.5).met is False
    assert at_most("page", 41, "KB", 40).met is False


def test_figures_are_written_with_the_digits_that_matter():
    assert [number(v) for v in (25000, 0.12345, 12.345, 586.4)] == [
        "25,000",
        "0.123",
        "12.3",
        "586",
    ]
    rows = [at_most("page", 41, "KB", 40)]
    assert "**no**" in in_columns(rows) and "| page | 41 KB |" in section("Pages", rows, "m")


def test_a_part_measured_anew_takes_its_place_and_leaves_the_others():
    def part(title, value):
        return section(title, [at_most("page", value, "KB", 40)], "2 cores")

    titles = ["Pages", "Tally"]
    whole = document("# Old\n\n## Gone\n\nx\n", part("Tally", 1), titles)
    whole = document(document(whole, part("Pages", 2), titles), part("Tally", 3), titles)
    assert [line for line in whole.splitlines() if line.startswith("##")] == [
        "## Pages",
        "## Tally",
    ]
    assert "| page | 2 KB |" in whole and "| page | 3 KB |" in whole and "1 KB" not in whole
    assert whole.startswith("# What was measured") and whole.endswith("|\n")

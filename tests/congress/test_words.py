"""Dates and numbers as people read them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from congress import words

TODAY = date(2026, 3, 16)


def test_a_date_is_written_with_its_weekday():
    assert words.cn_date(date(2026, 3, 16)) == "2026年3月16日（周一）"
    assert words.cn_date(date(2026, 3, 22)) == "2026年3月22日（周日）"


def test_a_moment_is_written_in_local_time():
    late_evening_utc = datetime(2026, 3, 15, 17, 5, tzinfo=UTC)
    assert words.cn_date(late_evening_utc) == "2026年3月16日（周一）"
    assert words.cn_datetime(late_evening_utc) == "2026年3月16日（周一）1:05"


def test_a_short_date_names_only_another_year():
    assert words.cn_short_date(date(2026, 12, 1), TODAY) == "12月1日"
    assert words.cn_short_date(date(2025, 12, 1), TODAY) == "2025年12月1日"


@pytest.mark.parametrize(
    "due, said, tone",
    [
        (date(2026, 3, 25), "还有 9 天", ""),
        (date(2026, 3, 19), "还有 3 天", "soon"),
        (date(2026, 3, 16), "今天到期", "soon"),
        (date(2026, 3, 14), "已逾期 2 天", "late"),
    ],
)
def test_a_deadline_says_how_many_days_are_left(due, said, tone):
    assert words.days_left(due, TODAY) == said
    assert words.days_left_tone(due, TODAY) == tone


@pytest.mark.parametrize(
    "value, written",
    [
        (Decimal("12.50"), "12.5"),
        (Decimal("100.00"), "100"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("-3.10"), "-3.1"),
        (0.1, "0.1"),
        (25310, "25310"),
    ],
)
def test_a_number_has_no_trailing_zeros(value, written):
    assert words.plain_number(value) == written


def test_a_difference_has_a_sign():
    assert [words.signed_number(n) for n in (3, Decimal("-1.50"), 0)] == ["+3", "−1.5", "0"]


@pytest.mark.parametrize(
    ("title", "most", "lines"),
    [
        ("古楼区人大代表2025年度履职情况", 20, ["古楼区人大代表2025年度履职情况"]),
        ("古楼区人大代表2025年度履职情况", 14, ["古楼区人大代表", "2025年度履职情况"]),
        (
            "关于古楼区人民代表大会2025年代表建议、批评和意见办理情况的报告",
            20,
            ["关于古楼区人民代表大会2025年", "代表建议、批评和意见办理情况的报告"],
        ),
        ("", 20, [""]),
        ("A" * 60, 20, ["A" * 60]),  # a word that fits no line stays whole
    ],
)
def test_a_title_on_paper_is_broken_by_sense(title, most, lines):
    assert words.in_lines(title, most) == lines


@given(st.text("代表建议、的2025年》A", max_size=70), st.integers(3, 25))
def test_a_broken_title_loses_nothing_and_no_line_begins_with_a_comma(title, most):
    lines = words.in_lines(title, most)
    assert "".join(lines) == title
    assert not any(line[0] in "、》" for line in lines[1:])

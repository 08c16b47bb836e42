from decimal import Decimal as D

import pytest

from performance.rules import band_of, check_bands, parse_bands


def bands(*rows):
    return parse_bands({"name": n, "low": lo, "high": hi} for n, lo, hi in rows)


YINCHUAN = bands(("好", "80", ""), ("较好", "60", "80"), ("差", "", "60"))


@pytest.mark.parametrize(
    ("score", "name"),
    [("80", "好"), ("79.9", "较好"), ("60", "较好"), ("59.9", "差"), ("-3", "差"), ("400", "好")],
)
def test_every_score_has_one_grade(score, name):
    assert band_of(D(score), YINCHUAN) == name
    assert check_bands(YINCHUAN) == []


def test_sixty_in_two_grades_is_found():
    faults = check_bands(bands(("好", "60", ""), ("差", "", "61")))
    assert any("60分同时属于两个等次" in f for f in faults)


def test_seventy_nine_and_a_half_in_no_grade_is_found():
    faults = check_bands(bands(("好", "80", ""), ("较好", "60", "79"), ("差", "", "60")))
    assert any("79分不属于任何等次" in f for f in faults)


def test_open_ends_are_asked_for():
    faults = check_bands(bands(("好", "80", "100"), ("差", "60", "80")))
    assert any("100分及以上" in f for f in faults) and any("60分以下" in f for f in faults)

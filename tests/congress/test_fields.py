"""Fields the forms of all apps share."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from congress.forms import DayField, WordsField


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-16",
        "2026.3.16",
        "2026/3/16",
        "2026年3月16日",
        "２０２６－０３－１６",
        " 2026-3-16 ",
    ],
)
def test_a_day_is_read_as_people_type_it(typed):
    assert DayField().clean(typed) == dt.date(2026, 3, 16)


@pytest.mark.parametrize("typed", ["", "2026-02-30", "3月16日", "16.3.2026", "下周一", False, True])
def test_what_is_no_day_is_refused_in_words(typed):
    with pytest.raises(ValidationError) as refused:
        DayField().clean(typed)
    assert refused.value.messages[0][:3] in ("请写成", "请填写")


def test_control_signs_and_blanks_around_do_not_get_in():
    assert WordsField().clean("  财政\u200b预算\x07\n说明 ") == "财政预算\n说明"

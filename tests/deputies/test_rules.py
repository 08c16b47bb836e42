"""What the registry's rules say, without a database."""

import pytest

from deputies.rules import born_in_words


@pytest.mark.parametrize(
    ("born", "words"),
    [("1995-01-03", "1995年1月3日"), ("1975-03", "1975年3月"), ("1960", "1960年"), ("", "")],
)
def test_a_day_of_birth_is_said_as_far_as_it_is_known(born, words):
    assert born_in_words(born) == words

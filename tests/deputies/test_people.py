"""People found by what is typed: lists of names, searches, digits among them."""

import pytest

from deputies.forms.people import find_people, typed_names
from deputies.models import Deputy
from deputies.queries import search
from tests.performance import year

pytestmark = pytest.mark.django_db(databases=["default", "platform"])


def test_names_are_read_as_people_type_them():
    typed = typed_names("单林芳，区启明、张　三\n张华 ０２３；张华（024）\n\n单林芳\n7")
    assert [(one.name, one.number) for one in typed] == [
        ("单林芳", ""),
        ("区启明", ""),
        ("张三", ""),
        ("张华", "023"),
        ("张华", "024"),
    ]


def test_digits_of_a_name_are_a_name_first_and_a_card_number_only_as_a_whole(in_binhai):
    plain, numbered = year.seat("代表", 12).deputy, year.seat("代表12", 45).deputy
    everybody = Deputy.objects.all()
    assert find_people("代表12", everybody) == ([numbered], [])
    assert find_people("代表 012", everybody) == ([plain], [])
    people, faults = find_people("代表01", everybody)
    assert people == [] and faults == ["没有找到“代表01”，请核对姓名"]
    assert find_people("代表、代表012\n代表", everybody) == ([plain], [])


def test_the_search_takes_digits_as_a_name_or_as_the_whole_of_a_number(in_binhai):
    plain, numbered = year.seat("代表", 12).deputy, year.seat("代表12", 45).deputy
    everybody = Deputy.objects.all()
    assert list(search(everybody, "代表12")) == [numbered]
    assert list(search(everybody, "012")) == [plain]
    assert set(search(everybody, "12")) == {numbered}

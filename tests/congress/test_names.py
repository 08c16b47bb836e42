import pytest

from congress.names import clean_name, initials, pinyin_key


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("张　三", "张三"),
        (" 李 四 ", "李四"),
        ("买买提•艾力", "买买提·艾力"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("欧阳 修", "欧阳修"),
    ],
)
def test_names_are_cleaned(sent, kept):
    assert clean_name(sent) == kept


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("单雄信", "sxx"),
        ("仇英", "qy"),
        ("解缙", "xj"),
        ("查良", "zl"),
        ("区明", "om"),
        ("朴正", "pz"),
        ("尉迟恭", "ycg"),
        ("曾国", "zg"),
        ("张三", "zs"),
    ],
)
def test_surnames_are_read_as_surnames(name, letters):
    assert initials(name) == letters


def test_names_order_by_sound():
    names = ["赵一", "单二", "欧阳三", "安四"]
    assert sorted(names, key=pinyin_key) == ["安四", "欧阳三", "单二", "赵一"]

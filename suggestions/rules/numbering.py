"""编号格式: which parts a suggestion's number is made of, in the words people write.

{会次}-{系列}{三位序号}; stored are the plain names ({sitting}-{series}{n:03}); both are read.
"""

import re
from collections.abc import Mapping

WORDS = {"届": "term", "会次": "sitting", "系列": "series", "序号": "n", "年份": "year"}
ALSO = {"次": "sitting", "届次": "term", "年": "year", "年度": "year", "编号": "n"}
WIDTHS = {"两位序号": 2, "三位序号": 3, "四位序号": 4}
NAMES = {**WORDS, **ALSO, **{name: name for name in WORDS.values()}}
OFFERED = ("届", "会次", "系列", "序号", "三位序号", "四位序号", "年份")
# Numbers that show what a format gives: at the sitting, between sittings, from a bill.
EXAMPLES = (("会议期间", "", 12), ("闭会期间", "闭", 7), ("议案转建议", "案", 3))
_PART = re.compile(r"\{([^{}]*)\}")
_WIDTH = re.compile(r"0?([1-6])")


def _read(inside: str) -> str | None:
    """A part's plain name with its width, as stored; None where there is no such part."""
    name, colon, width = inside.strip().replace("：", ":").partition(":")
    name = name.strip()
    if name in WIDTHS and not colon:
        return f"n:0{WIDTHS[name]}"
    if name not in NAMES:
        return None
    if not colon:
        return NAMES[name]
    found = _WIDTH.fullmatch(width.strip())
    return f"n:0{found[1]}" if found and NAMES[name] == "n" else None


def stored(text: str) -> str:
    """The format as it is stored; what is no part stays as it was written."""
    return _PART.sub(lambda m: f"{{{_read(m[1]) or m[1]}}}", text)


def shown(text: str) -> str:
    """The format in the words people write."""
    words = {plain: word for word, plain in WORDS.items()}
    words |= {f"n:0{width}": word for word, width in WIDTHS.items()}
    return _PART.sub(lambda m: f"{{{words.get(_read(m[1]) or '', m[1])}}}", text)


def number_of(text: str, *, term: int, sitting: int, series: str, n: int, year: int) -> str:
    """The number a format gives. Raises ValueError where a part is unknown."""
    values: Mapping[str, str] = {
        "term": str(term), "sitting": str(sitting), "series": series, "year": str(year),
    }  # fmt: skip

    def value(found: re.Match) -> str:
        part = _read(found[1])
        if part is None:
            raise ValueError(found[1])
        name, _, width = part.partition(":0")
        return str(n).zfill(int(width or 1)) if name == "n" else values[name]

    return _PART.sub(value, text)


def examples(text: str) -> list[tuple[str, str]]:
    """What numbers of a sound format look like: when, and the number."""
    return [
        (when, number_of(text, term=19, sitting=5, series=series, n=n, year=2026))
        for when, series, n in EXAMPLES
    ]


def number_format_fault(text: str) -> str:
    """What is wrong with a format of numbers, "" where nothing is."""
    offered = "、".join(f"{{{name}}}" for name in OFFERED)
    parts = [(inside, _read(inside)) for inside in _PART.findall(text)]
    if unknown := [inside for inside, part in parts if part is None]:
        named = "、".join(f"{{{inside}}}" for inside in unknown)
        return f"编号格式里不能用{named}，可以用{offered}"
    if re.search(r"[{}]", _PART.sub("", text)):
        return f"编号格式里的大括号没有成对，可以用{offered}"
    names = {part.partition(":")[0] for _, part in parts if part}
    if missing := [f"{{{word}}}" for word in ("会次", "系列", "序号") if WORDS[word] not in names]:
        return f"编号格式须含{'、'.join(missing)}，否则不同会次、不同系列的编号会重复"
    return ""

"""The columns of a roster and the other words committees use for them."""

import re
import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its key, the words on our template, other words it is met under."""

    key: str
    title: str
    others: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""


COLUMNS = (
    Column("position", "序号", ("名册序号", "顺序", "顺序号", "排序", "No", "序列号")),
    Column("name", "姓名", ("代表姓名", "名字", "代表名字", "代表", "人大代表姓名")),
    Column("gender", "性别", (), "男或女"),
    Column("ethnicity", "民族", ("族别",), "如：汉族"),
    Column(
        "born",
        "出生日期",
        ("出生年月", "出生年月日", "出生时间", "生日", "出生", "出生日", "出生年份"),
        "如：1975-03-06，只知年月可写 1975-03",
    ),
    Column("party", "党派", ("政治面貌", "所属党派", "党派情况"), "如：中共党员、群众"),
    Column("education", "学历", ("文化程度", "最高学历", "学历学位", "文化水平", "学历层次")),
    Column(
        "occupation",
        "工作单位及职务",
        (
            "单位及职务", "单位职务", "工作单位和职务", "现工作单位及职务", "所在单位及职务",
            "工作单位职务", "单位及职务职业", "现任工作单位及职务", "单位和职务",
        ),
    ),
    Column("workplace", "工作单位", ("单位", "所在单位", "现工作单位", "单位名称")),
    Column("post", "职务", ("现任职务", "职业", "行政职务", "单位职务名称", "职务职业")),
    Column(
        "id_number",
        "身份证号",
        ("身份证", "身份证号码", "公民身份号码", "公民身份证号码", "居民身份证号", "证件号码",
         "居民身份证号码", "身份号码"),
        "18 位，请设为文本",
    ),
    Column(
        "phone",
        "手机号",
        ("手机", "手机号码", "联系电话", "联系方式", "电话", "移动电话", "电话号码", "手机电话",
         "联系手机", "本人手机", "联系号码"),
        "11 位",
    ),
    Column(
        "level",
        "层级",
        ("代表层级", "级别", "代表级别", "代表类别", "人大代表级别", "代表类型", "几级代表"),
        "全国、省、市、区县、乡镇、街道议政",
    ),
    Column(
        "constituency",
        "选区（选举单位）",
        ("选区", "选举单位", "所在选区", "选区名称", "产生选区", "原选举单位", "选区号", "所属选区",
         "选区或选举单位"),
    ),
    Column("delegation", "代表团", ("所在代表团", "所属代表团", "代表团名称", "编入代表团")),
    Column(
        "street",
        "所在街道（镇）",
        ("街道", "所在街道", "所属街道", "镇街", "街镇", "乡镇街道", "街道乡镇", "所属镇街",
         "所在镇街", "所在镇", "乡镇", "街道镇", "镇街道", "所在乡镇", "所在乡镇街道"),
    ),
    Column(
        "group",
        "代表小组",
        ("小组", "所在小组", "所属小组", "所在代表小组", "所属代表小组", "代表小组名称"),
        "几个小组用；分开，职务写在括号里",
    ),
    Column("group_role", "小组职务", ("组内职务", "代表小组职务")),
    Column(
        "committee",
        "委员会任职",
        ("委员会", "专门委员会", "专委会", "所在委员会", "专工委", "常委会任职"),
        "如：财政经济委员会（委员）",
    ),
    Column("number", "代表证号", ("代表证编号", "代表证号码", "证号", "代表证", "代表编号")),
    Column(
        "starts_on",
        "任职起",
        ("任职时间", "任职日期", "当选日期", "当选时间", "任职起始日期", "任期起", "任职开始日期"),
        "不填时用上传时写的日期",
    ),
    Column("start_reason", "产生方式", ("当选方式",), "换届选举、补选或调入"),
    Column("ends_on", "任职止", ("离任日期", "离任时间", "任期止")),
    Column("end_reason", "离任原因", ()),
    Column("notes", "备注", ("说明", "备注说明", "其他")),
)  # fmt: skip
BY_KEY = {c.key: c for c in COLUMNS}
# What our own template and exports have: workplace, post and role stand inside other columns.
OWN = tuple(c for c in COLUMNS if c.key not in ("workplace", "post", "group_role"))
TITLES = {c.key: c.title for c in COLUMNS}
SECRET = ("id_number", "phone")

FILLERS = re.compile(r"[\s\u3000:：*＊、,，/／()（）\[\]【】“”\"'．.。_-]+")
REMARK = re.compile(r"[（(【\[](必填|选填|非必填|可不填|格式.*|如.*|.*位.*)[)）】\]]")


def squeeze(text: str) -> str:
    """Words of a head without what people put around them: 姓　名*（必填） is 姓名."""
    text = REMARK.sub("", unicodedata.normalize("NFKC", str(text)))
    return FILLERS.sub("", text).lower()


KNOWN = {squeeze(word): c.key for c in COLUMNS for word in (c.title, *c.others)}


def key_of(text: object) -> str:
    """The column these words of a head mean, or "" where they are not known."""
    return KNOWN.get(squeeze(text), "") if isinstance(text, str) else ""

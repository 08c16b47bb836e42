"""Invented people: names put together by chance, the same ones at every load."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

SURNAMES = (
    "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 "
    "程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 "
    "范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 "
    "尹 黎 易 常 武 乔 贺 赖 龚 文 欧阳 单 仇 解 查 区 朴 尉迟 上官"
).split()
MEN = (
    "建 志 国 明 伟 永 海 立 文 学 宏 春 德 军 亚 振 俊 浩 宇 鹏 恒 启 承 泽 思 远 卫 光 景 道"
).split()
MEN_END = (
    "华 强 军 平 民 林 峰 波 涛 斌 刚 勇 杰 亮 辉 宁 鸣 松 山 坤 阳 晖 澄 石 毅 谦 庆 锋 昌".split()
)
WOMEN = (
    "秀 雅 淑 美 玉 丽 晓 慧 文 春 凤 静 月 佳 思 梦 婉 若 清 素 云 燕 雪 惠 如 冬 兰 红".split()
)
WOMEN_END = (
    "英 芳 兰 萍 霞 玲 娟 敏 琴 洁 蓉 莉 颖 瑶 宁 岚 怡 琳 云 薇 菁 梅 芬 荣 欣 娴 悦 影".split()
)
MINORITY = ("回族", "满族", "壮族", "苗族", "蒙古族", "朝鲜族", "土家族", "维吾尔族")
PARTIES = (
    ("中国共产党", 62),
    ("群众", 17),
    ("民盟", 4),
    ("民建", 4),
    ("民进", 3),
    ("九三学社", 3),
    ("农工党", 3),
    ("民革", 2),
    ("致公党", 1),
    ("无党派人士", 1),
)
EDUCATION = (("本科", 52), ("硕士研究生", 22), ("大专", 16), ("高中", 6), ("博士研究生", 4))
WORK = (
    "街道办事处主任",
    "社区党委书记、居委会主任",
    "中学校长",
    "小学教师",
    "医院主任医师",
    "社区卫生服务中心主任",
    "律师事务所主任",
    "科技有限公司董事长",
    "建设集团总经理",
    "纺织厂工段长",
    "公交公司驾驶员",
    "环卫所班组长",
    "物业服务公司经理",
    "大学教授",
    "养老服务中心院长",
    "餐饮管理公司总经理",
    "文化馆馆长",
    "供电公司班长",
    "银行支行行长",
    "会计师事务所合伙人",
    "快递网点负责人",
    "非遗工坊主理人",
    "村党总支书记",
    "种植合作社理事长",
    "消防救援站站长",
    "检察院检察官助理",
    "街道人大工委主任",
    "商贸有限公司经理",
)

# Heads of units and sections, by their family names alone.
HEADS = "程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛".split()


@dataclass(frozen=True)
class Person:
    """One invented person, as a roster would list them."""

    name: str
    gender: str
    ethnicity: str
    born: str
    party: str
    education: str
    occupation: str
    phone: str
    id_number: str


def invent(seed: int, place: str, oldest: int = 1958, youngest: int = 1998) -> Iterator[Person]:
    """People without end, no name twice; the same seed gives the same people.

    Phone numbers use the prefix 100 and identity numbers the area 990000, which nobody has.
    """
    chance = random.Random(seed)
    names: set[str] = set()
    number = 0
    while True:
        woman = chance.random() < 0.37
        first, last = (WOMEN, WOMEN_END) if woman else (MEN, MEN_END)
        name = chance.choice(SURNAMES) + (
            chance.choice(last)
            if chance.random() < 0.12
            else chance.choice(first) + chance.choice(last)
        )
        if name in names:
            continue
        names.add(name)
        number += 1
        year, month, day = (
            chance.randint(oldest, youngest),
            chance.randint(1, 12),
            chance.randint(1, 28),
        )
        yield Person(
            name=name,
            gender="女" if woman else "男",
            ethnicity="汉族" if chance.random() < 0.95 else chance.choice(MINORITY),
            born=f"{year}-{month:02}-{day:02}",
            party=weighted(chance, PARTIES),
            education=weighted(chance, EDUCATION),
            occupation=place + chance.choice(WORK),
            phone=f"100{seed % 100:02}{number:06}",
            id_number=identity_number(f"{year}{month:02}{day:02}", number, woman),
        )


def weighted(chance: random.Random, choices: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([c for c, _ in choices], [w for _, w in choices])[0]


def identity_number(birth: str, number: int, woman: bool) -> str:
    """An 18-digit number that passes GB 11643's checksum in an area that does not exist."""
    order = (number * 2 + (0 if woman else 1)) % 1000
    body = f"990000{birth}{order:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]

"""The places of the demo: streets, committees and handling units, all of invented names."""

from dataclasses import dataclass, field

from congress.models import Congress, Unit

Kind = Unit.Kind


@dataclass(frozen=True)
class Place:
    """One congress of the demo and how large it is."""

    key: str
    name: str
    level: str
    seed: int
    rule_book: str  # a template of performance
    term: int
    own: int  # deputies of its own level in office
    others: dict[str, int] = field(default_factory=dict)  # deputies living there, by level
    council: int = 0  # street council members
    streets: tuple[str, ...] = ()
    delegations: int = 0
    parent: str = ""

    @property
    def short(self) -> str:
        """古楼 of 古楼区."""
        return self.name.rstrip("区市镇")

    @property
    def letter(self) -> str:
        """区, 市 or 镇: how short names of its units and its deputies' numbers begin."""
        return self.name[-1]


DISTRICT = Place(
    key="gulou",
    name="古楼区",
    level=Congress.Level.COUNTY,
    seed=19,
    rule_book="four_aspects",
    term=19,
    own=386,
    others={"national": 3, "provincial": 21, "city": 159},
    council=536,
    streets=(
        "湖滨街道",
        "钟阜街道",
        "云桥街道",
        "宁安街道",
        "江岸街道",
        "凤台街道",
        "新河街道",
        "文昌街道",
        "长乐街道",
        "石桥街道",
        "青云街道",
        "望江街道",
        "德胜街道",
    ),
    delegations=8,
)
CITY = Place(
    key="yunze",
    name="云泽市",
    level=Congress.Level.COUNTY,
    seed=42,
    rule_book="hundred_points",
    term=17,
    own=168,
    others={"provincial": 4, "city": 23},
    streets=("城关街道", "柳溪镇", "白马镇", "沙河镇", "龙潭镇", "北山乡"),
    delegations=6,
)
TOWNSHIP = Place(
    key="liuxi",
    name="柳溪镇",
    level=Congress.Level.TOWNSHIP,
    seed=57,
    rule_book="base_and_reward",
    term=20,
    own=56,
    delegations=4,
    parent="yunze",
)
PLACES = (DISTRICT, CITY, TOWNSHIP)

COMMITTEES = (
    ("监察和司法委员会", "监司委", Kind.SPECIAL_COMMITTEE),
    ("财政经济委员会", "财经委", Kind.SPECIAL_COMMITTEE),
    ("社会建设委员会", "社会委", Kind.SPECIAL_COMMITTEE),
    ("常务委员会教育科学文化卫生工作委员会", "教科文卫工委", Kind.WORKING_COMMITTEE),
    ("常务委员会城乡建设环境资源保护工作委员会", "城建环资工委", Kind.WORKING_COMMITTEE),
    ("常务委员会预算工作委员会", "预算工委", Kind.WORKING_COMMITTEE),
)
# Full name, short name without 区 or 市.
HANDLING = (
    ("发展和改革委员会", "发改委"),
    ("教育局", "教育局"),
    ("科学技术局", "科技局"),
    ("工业和信息化局", "工信局"),
    ("民族宗教事务局", "民宗局"),
    ("公安分局", "公安分局"),
    ("民政局", "民政局"),
    ("司法局", "司法局"),
    ("财政局", "财政局"),
    ("人力资源和社会保障局", "人社局"),
    ("规划和自然资源局", "规划资源局"),
    ("生态环境局", "生态环境局"),
    ("住房和城乡建设局", "住建局"),
    ("房产管理局", "房产局"),
    ("城市管理局", "城管局"),
    ("交通运输局", "交通局"),
    ("水务局", "水务局"),
    ("农业农村局", "农业农村局"),
    ("商务局", "商务局"),
    ("文化和旅游局", "文旅局"),
    ("卫生健康委员会", "卫健委"),
    ("退役军人事务局", "退役军人局"),
    ("应急管理局", "应急局"),
    ("审计局", "审计局"),
    ("市场监督管理局", "市场监管局"),
    ("体育局", "体育局"),
    ("统计局", "统计局"),
    ("医疗保障局", "医保局"),
    ("信访局", "信访局"),
    ("数据局", "数据局"),
    ("国有资产监督管理办公室", "国资办"),
    ("行政审批局", "审批局"),
    ("消防救援大队", "消防大队"),
    ("交警大队", "交警大队"),
    ("供电公司", "供电公司"),
    ("自来水公司", "自来水公司"),
    ("公共交通公司", "公交公司"),
    ("人民法院", "法院"),
    ("人民检察院", "检察院"),
    ("监察委员会", "监委"),
)
TOWN_HANDLING = (
    ("党政综合办公室", "党政办"),
    ("经济发展办公室", "经发办"),
    ("社会事务办公室", "社会事务办"),
    ("综合行政执法队", "执法队"),
    ("派出所", "派出所"),
    ("中心学校", "中心学校"),
    ("卫生院", "卫生院"),
    ("自然资源所", "资源所"),
)
GROUPS = ("教育", "卫生健康", "法治", "财政经济", "城市建设", "科技创新", "文化旅游", "社会治理")
VENUES = (
    "行政中心会议室",
    "社区党群服务中心",
    "街道会议室",
    "代表联络站",
    "文化馆报告厅",
    "工业园区展示中心",
    "第三小学",
    "人民医院",
    "滨河公园",
    "便民服务大厅",
)
THEMES = (
    "老旧小区加装电梯",
    "校园周边交通秩序",
    "社区食堂运行",
    "垃圾分类",
    "河道水环境治理",
    "普惠托育服务",
    "电动自行车停放充电",
    "城市更新",
    "营商环境",
    "基层医疗服务能力",
    "背街小巷改造",
    "养老服务设施",
    "食品安全",
    "义务教育均衡发展",
    "口袋公园建设",
    "物业管理",
    "小微企业融资",
    "残疾人无障碍设施",
    "安全生产",
    "文物保护利用",
    "预算绩效管理",
    "就业服务",
    "停车难治理",
    "公共法律服务",
)

"""Every component on one page, for tests and for the eye; no address of the product leads here.

Used as ROOT_URLCONF: `/gallery/<shell>/` shows the gallery in the portal, the desk or the public
pages, `/admin/gallery/staff/` in the staff admin.
"""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from congress import charts
from congress.access import everybody
from congress.admin import site
from congress.urls import urlpatterns as house_urls

SHELLS = {
    "portal": "portal/base.html",
    "desk": "desk/base.html",
    "public": "public/base.html",
    "staff": "admin/staff_page.html",
}


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", help_text="写明什么地方、什么问题，30 字以内。")
    text = forms.CharField(label="内容", widget=forms.Textarea(attrs={"rows": 4}))
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    count = forms.DecimalField(label="数量", required=False)
    street = forms.ChoiceField(label="街道", choices=[("", "请选择"), ("1", "东湖街道")])
    raised = forms.ChoiceField(
        label="提出时间", widget=forms.RadioSelect, choices=[("1", "会议期间"), ("2", "闭会期间")]
    )
    kinds = forms.MultipleChoiceField(
        label="涉及方面",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("a", "城乡建设"), ("b", "教育卫生"), ("c", "生态环境"), ("d", "社会治理")],
        help_text="可以选几个。",
    )
    evidence = forms.FileField(label="附件", required=False)
    agree = forms.BooleanField(label="我已核对以上内容", help_text="提交后不能修改。")


class FilterForm(forms.Form):
    q = forms.CharField(label="姓名", required=False)
    group = forms.ChoiceField(label="代表团", required=False, choices=[("", "全部"), ("1", "一团")])


def sample_charts() -> list:
    """One chart of each kind, with numbers of the size really met."""
    return [
        charts.bars(
            "各方面得分",
            [
                ("基本履职", Decimal("312.50"), "/gallery/portal/"),
                ("会议履职", 148, "/gallery/portal/"),
                ("活动履职", 96),
                ("加分", 30),
            ],
            "分",
        ),
        charts.columns(
            "参加活动",
            [
                (f"{y}年", v)
                for y, v in zip(range(2019, 2027), (12, 15, 9, 18, 22, 25, 24, 31), strict=True)
            ],
            "次",
        ),
        charts.trend(
            "出席率",
            ["一季度", "二季度", "三季度", "四季度"],
            [("本人", [92, 88, 95, 100]), ("本团平均", [86, 85, 88, None])],
            "%",
        ),
        charts.schedule(
            "民生实事进度",
            [("老旧小区加装电梯", 62, 70), ("口袋公园", 75, 70), ("社区食堂", 100, 70)],
        ),
        charts.histogram(
            "总分分布",
            [
                (s, s + 50, c)
                for s, c in zip(
                    range(300, 800, 50), (2, 5, 11, 24, 48, 92, 110, 61, 25, 8), strict=True
                )
            ],
            "人",
            marks=[("平均", 586)],
        ),
    ]


@everybody
def gallery(request, shell):
    now = timezone.now()
    form = SampleForm({}) if "errors" in request.GET else SampleForm()
    if "messages" in request.GET:
        messages.success(request, "活动已发布，已通知 42 位代表。")
        messages.error(request, "该考核期已锁定，不能修改。")
    member = SimpleNamespace(name="代玉珍", unit="代工委", role="deputy", get_role_display="代工委")
    context = {
        "shell": SHELLS[shell],
        "form": form,
        "title": "部件一览",
        "member": member,
        "filter_form": FilterForm(),
        "charts": sample_charts(),
        "unread_notices": 3,
        "page": Paginator(range(386), 30).page(4),
        "has_permission": True,
        "soon": now + timedelta(days=2),
        "far": now + timedelta(days=9),
        "late": now - timedelta(days=2),
        "number": Decimal("586.50"),
        "facts": [
            ("姓名", "林若水"),
            ("代表团", "第一代表团"),
            ("任期", "2022年1月至今"),
            ("单位及职务", "滨海区东湖街道湖滨社区党委书记、居民委员会主任"),
        ],
        "answers": [("活动", "视察城市更新项目", "#"), ("出席", "38 人", "#"), ("备注", "", "#")],
        "events": [
            {"title": "提交", "at": now - timedelta(days=20), "by": "林若水", "done": True},
            {
                "title": "初审通过",
                "at": now - timedelta(days=12),
                "by": "东湖街道",
                "note": "材料齐全",
                "done": True,
            },
            {"title": "等待复核", "now": True, "note": "代工委"},
        ],
        "actions": [
            {"label": "新建活动", "url": "#", "primary": True},
            {"label": "导出名单", "url": "#"},
        ],
        "step_buttons": [
            {"label": "发布", "url": "#", "primary": True},
            {"label": "修改", "url": "#"},
            {"label": "取消活动", "url": "#", "danger": True},
        ],
        "people": [
            ("林若水", "第一代表团", Decimal("712.50"), "done", "已核对"),
            ("欧阳明远", "第二代表团", Decimal("586.00"), "active", "核对中"),
            ("石惠", "第八代表团", Decimal("493.25"), "late", "有异议"),
        ],
        "back": [("履职", "#"), ("考核期", "#")],
        "tones": [
            ("草稿", "draft"),
            ("办理中", "active"),
            ("待审核", "waiting"),
            ("已办结", "done"),
            ("临近时限", "warn"),
            ("已逾期", "late"),
            ("已取消", "off"),
        ],
        "next_steps": ["街道工委会先核对材料。", "核对后由代工委确认，结果发到您的消息里。"],
        "by_date": now + timedelta(days=9),
    }
    if shell == "staff":
        context = {**site.each_context(request), **context}
    return render(request, "gallery.html", context)


# The staff's shell lies under /admin/, where the theme's scripts are allowed.
urlpatterns = [
    path("gallery/<str:shell>/", gallery),
    path("admin/gallery/<str:shell>/", site.admin_view(gallery)),
    *house_urls,
]

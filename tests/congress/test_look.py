"""The look: files as they were copied, weights in budget, components that say what they must."""

import gzip
import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "static"
FOLDERS = [STATIC / "vendor", ROOT / "tests" / "vendor"]


def show(source: str, **context) -> str:
    return Template("{% load house %}" + source).render(Context(context))


# -- Files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", FOLDERS, ids=["static", "tests"])
def test_copied_files_are_those_of_the_list_and_no_others(folder):
    listed = dict(
        line.split(maxsplit=1)[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines()
    )
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert set(listed) == there - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_no_script_points_to_a_source_map():
    for path in [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")]:
        assert "sourceMappingURL" not in path.read_text(), path


def test_the_style_sheet_is_far_below_its_budget():
    assert len(gzip.compress((STATIC / "css/house.css").read_bytes())) < 15_000


def test_scripts_of_a_page_are_below_their_budget():
    names = re.findall(r"static '([^']+\.js)'", (ROOT / "templates/base.html").read_text())
    assert len(names) == 2
    assert sum(len(gzip.compress((STATIC / n).read_bytes())) for n in names) < 60_000


def test_the_style_sheet_has_no_letters_below_the_body_size():
    sheet = (STATIC / "css/house.css").read_text()
    screen = sheet.split("@media print")[0]
    sizes = re.findall(r"font-size:([\d.]+)(r?em|px)", screen)
    small = {s for s in sizes if s[1] == "px" or float(s[0]) < 1}
    # Bootstrap's reboot: sub, sup and code; the sign before a field's error.
    assert small <= {(".75", "em"), (".875", "em"), (".8", "em")}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens() -> dict[str, str]:
    return dict(
        re.findall(r"^\$([\w-]+): (#[0-9a-f]{6})", (STATIC / "src/_tokens.scss").read_text(), re.M)
    )


@pytest.mark.parametrize("name", ["red", "ink", "ink-2", "link", "good", "warn", "bad"])
def test_every_colour_of_letters_meets_the_elder_contrast_on_white(name):
    assert contrast(tokens()[name], "#ffffff") >= 7


@pytest.mark.parametrize(
    "letters, ground",
    [
        ("good", "good-wash"),
        ("warn", "warn-wash"),
        ("bad", "bad-wash"),
        ("link", "link-wash"),
        ("ink-2", "wash"),
    ],
)
def test_letters_on_a_tinted_ground_meet_it_too(letters, ground):
    assert contrast(tokens()[letters], tokens()[ground]) >= 7


# -- Components ------------------------------------------------------------------------------------


class Answer(forms.Form):
    title = forms.CharField(label="标题", help_text="30 字以内")
    kind = forms.ChoiceField(
        label="提出时间", widget=forms.RadioSelect, choices=[("1", "会议期间")]
    )
    note = forms.CharField(label="备注", required=False)

    def clean(self):
        if self.data.get("fail"):
            raise forms.ValidationError("该期间已锁定，不能修改")


def test_the_error_summary_counts_and_links_to_the_fields():
    html = show("{% error_summary form %}", form=Answer({}))
    assert "有 2 处需要修改" in html
    assert 'href="#id_title"' in html and 'href="#id_kind_0"' in html
    assert 'tabindex="-1"' in html and "data-error-summary" in html


def test_the_links_of_the_error_summary_lead_to_elements_of_the_form():
    form = Answer({})
    targets = re.findall(r'href="#([^"]+)"', show("{% error_summary form %}", form=form))
    assert targets and all(f'id="{t}"' in form.render("django/forms/div.html") for t in targets)


def test_the_error_summary_names_errors_of_the_whole_form():
    html = show("{% error_summary form %}", form=Answer({"fail": 1, "title": "x", "kind": "1"}))
    assert "有 1 处需要修改" in html and "该期间已锁定，不能修改" in html


@pytest.mark.parametrize("form", [None, Answer(), Answer({"title": "x", "kind": "1"})])
def test_without_errors_there_is_no_summary(form):
    assert show("{% error_summary form %}", form=form).strip() == ""


def test_a_field_ties_label_hint_and_error_to_its_control():
    html = show("{% field form.title %}", form=Answer({}))
    assert '<label for="id_title">' in html
    described = re.search(r'aria-describedby="([^"]+)"', html).group(1).split()
    assert len(described) == 2 and all(f'id="{d}"' in html for d in described)
    assert 'aria-invalid="true"' in html


def test_a_field_that_may_stay_empty_says_so():
    assert "（可不填）" in show("{% field form.note %}", form=Answer())
    assert "（可不填）" not in show("{% field form.title %}", form=Answer())


def test_radio_buttons_stand_in_a_group_with_a_name():
    html = show("{% field form.kind %}", form=Answer())
    assert re.search(r"<fieldset.*<legend>提出时间", html, re.S)


def test_a_form_printed_whole_uses_our_fields():
    assert 'class="form-control"' in str(Answer())


def test_a_state_is_said_in_words_and_an_unknown_tone_is_a_defect():
    assert show('{% badge "已办结" "done" %}') == '<span class="badge badge-done">已办结</span>'
    with pytest.raises(TemplateSyntaxError):
        show('{% badge "已办结" "green" %}')


def test_every_tone_has_its_shape():
    from congress.templatetags.house import TONES

    source = (STATIC / "src/_states.scss").read_text()
    assert all(f".badge-{tone} {{" in source for tone in TONES - {"off"})


def test_a_deadline_shows_date_and_days_left_until_it_is_done():
    day = timezone.localdate() - timedelta(days=2)
    assert "已逾期 2 天" in show("{% due day %}", day=day)
    assert "已逾期" not in show("{% due day done=True %}", day=day)


def test_filters_bear_nothing():
    source = "{{ n|cn_date }}{{ n|days_left }}{{ n|plain_number }}{{ n|cn_datetime }}"
    assert show(source, n=None) == ""


def test_a_figure_links_to_its_rows():
    html = show('{% figure "已逾期" 2 "/rows/?late=1" "件" tone="late" %}')
    assert '<a class="tile tile-late" href="/rows/?late=1">' in html


def test_pages_keep_the_filters():
    request = RequestFactory().get("/list/", {"q": "林", "page": "2"})
    html = show("{% pages page %}", page=Paginator(range(95), 30).page(2), request=request)
    assert 'href="?q=%E6%9E%97&amp;page=3"' in html
    assert "共 95 条" in html and 'aria-current="page"' in html


def test_one_page_needs_no_pagination():
    assert show("{% pages page %}", page=Paginator(range(3), 30).page(1)).strip() == ""


def test_a_navigation_entry_without_a_route_is_not_shown():
    request = RequestFactory().get("/")
    assert show('{% nav_link "no_such_route" "建议" %}', request=request).strip() == ""
    assert "长辈版" in show('{% nav_link "elder" "长辈版" %}', request=request)


def test_a_form_carries_a_new_token_each_time():
    tokens = {show("{% once_field %}") for _ in range(2)}
    assert len(tokens) == 2 and all('name="once"' in t for t in tokens)


# -- Pages -----------------------------------------------------------------------------------------


def page(template: str, cookies: dict | None = None, **context) -> str:
    request = RequestFactory().get("/somewhere/?a=1")
    request.COOKIES.update(cookies or {})
    return render_to_string(template, context, request=request)


def test_a_page_speaks_chinese_and_has_a_way_past_the_navigation():
    html = page("404.html")
    assert '<html lang="zh-CN"' in html
    assert 'href="#main"' in html and 'id="main"' in html


def test_the_title_of_a_refused_form_says_so_first():
    assert "<title>错误：" in page("404.html", form=Answer({}))
    assert "<title>错误：" not in page("404.html", form=Answer())


def test_the_elder_version_is_a_cookie_and_its_switch_a_plain_form():
    assert re.search(r"<html[^>]*elder", page("404.html", {"elder": "1"}))
    html = page("404.html")
    assert not re.search(r"<html[^>]*elder", html)
    assert 'value="/somewhere/?a=1"' in html and 'action="/elder/"' in html


def test_a_refusal_shows_its_sentence():
    assert "该考核期已锁定，不能修改" in page("409.html", sentence="该考核期已锁定，不能修改")


def test_the_page_for_a_breakdown_needs_nothing():
    html = render_to_string("500.html")
    assert "系统出了问题" in html and "<script" not in html


def test_the_emblem_stands_on_the_home_page_alone_and_only_if_uploaded():
    key = "3f0b9a52-2c1e-4c57-9a53-0f6a4b1f7a10"
    congress = SimpleNamespace(
        name="滨海区人民代表大会",
        short_name="滨海区人大",
        standing_committee_name="滨海区人大常委会",
        settings={"emblem": key},
    )
    assert f'src="/files/{key}/"' in page("public/home.html", congress=congress)
    assert "/files/" not in page("404.html", congress=congress)
    congress.settings = {}
    assert 'class="emblem"' not in page("public/home.html", congress=congress)


def job(**values):
    return SimpleNamespace(
        **{
            "title": "统计",
            "is_over": False,
            "done_at": None,
            "failed_at": None,
            "progress": 40,
            "message": "已完成一半",
            "link": "/x/",
            "by": None,
            "created_at": timezone.now(),
            **values,
        }
    )


def test_a_running_job_refreshes_itself_with_and_without_script():
    html = page("congress/job.html", job=job())
    assert 'hx-trigger="every 2s"' in html and '<noscript><meta http-equiv="refresh"' in html
    assert 'value="40"' in html


@pytest.mark.parametrize("end", ["done_at", "failed_at"])
def test_a_job_that_is_over_stands_still(end):
    html = page("congress/job.html", job=job(is_over=True, **{end: timezone.now()}))
    assert "hx-get" not in html and "refresh" not in html


def test_a_message_reads_as_mail_and_as_short_message():
    congress = SimpleNamespace(standing_committee_name="滨海区人大常委会", short_name="滨海区人大")
    context = {
        "title": "请核对<履职>",
        "text": "第一段\n\n第二段",
        "link": "https://a.example/x/",
        "congress": congress,
    }
    assert "请核对&lt;履职&gt;" in render_to_string("notices/mail.html", context)
    assert "请核对<履职>" in render_to_string("notices/mail.txt", context)
    assert render_to_string("notices/sms.txt", context).startswith("【滨海区人大】请核对")


HIDDEN = re.compile(
    r"{% comment %}.*?{% endcomment %}|"
    r"{% block (?:coltype|html_class|body_?class) %}.*?{% endblock|"
    r"<style.*?</style>|{% block style %}.*?{% endblock|{%.*?%}|{{.*?}}|{#.*?#}",
    re.S,
)
TAG = re.compile(r"<[^>]*>", re.S)  # after the template's own marks: they may hold a >


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "templates").rglob("*.html")),
    ids=lambda p: str(p.relative_to(ROOT / "templates")),
)
def test_a_page_speaks_no_english_and_does_not_shout(path):
    text = TAG.sub(" ", HIDDEN.sub(" ", path.read_text()))
    assert "！" not in text and "!" not in text.replace("<!DOCTYPE html>", "")
    assert set(re.findall(r"[A-Za-z]{4,}", text)) <= {"Excel"}


def test_points_are_written_without_trailing_zeros():
    assert show("{{ n|plain_number }}", n=Decimal("586.50")) == "586.5"

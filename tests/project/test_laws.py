"""The laws of the house (docs/ARCHITECTURE.md): whatever was agreed on, a test holds."""

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.template.loader import get_template
from django.urls import URLPattern, get_resolver

from congress.tenancy import is_tenant_model

ROOT = Path(__file__).resolve().parent.parent.parent
LINE = [
    "reports",
    "suggestions",
    "activities",
    "performance",
    "deputies",
    "deadlines",
    "notices",
    "congress",
]

# Models without a congress, each with the reason why that is right.
GLOBAL_MODELS = {
    "congress.Congress": "the tenant itself",
    "congress.CongressHost": "names the tenant before one is open",
    "congress.User": "a login on the whole platform; names and phones live in memberships",
    "congress.User_groups": "Django's, unused",
    "congress.User_user_permissions": "Django's, unused",
    "congress.UnitGrant": "guardian's; locked by the row of its unit",
}
NOT_OURS = {"admin", "auth", "contenttypes", "sessions", "account", "mfa", "axes", "guardian"}


def our_models():
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in LINE]


def python_files(*parts: str):
    for app in LINE:
        yield from (p for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts)


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_model_belongs_to_a_congress_or_is_listed(model):
    assert is_tenant_model(model) or model._meta.label in GLOBAL_MODELS


def test_every_app_is_ours_or_a_known_library():
    labels = {m._meta.app_label for m in apps.get_models(include_auto_created=True)}
    assert labels <= set(LINE) | NOT_OURS


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_foreign_keys_point_down_the_line(model):
    here = LINE.index(model._meta.app_label)
    for field in model._meta.concrete_fields:
        if field.is_relation and field.remote_field.model._meta.app_label in LINE:
            assert LINE.index(field.remote_field.model._meta.app_label) >= here, field


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_constraints_are_sentences(model):
    for constraint in model._meta.constraints:
        assert constraint.name.count("_") >= 2 and len(constraint.name) <= 63, constraint.name


def routes(patterns=None, prefix=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern
        else:
            yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))


def audience_of(route: str, view) -> object:
    """What a route says of whom it is for: its own word, the admin's, the API's roles."""
    if hasattr(view, "audience"):
        return view.audience
    if route.startswith("admin/"):
        return "staff site"
    if route.startswith("accounts/"):
        return "sign-in"
    return getattr(getattr(view, "cls", None), "roles", None)


def test_every_route_names_its_audience():
    silent = [r for r, p in routes() if audience_of(r, p.callback) is None]
    assert silent == []


def test_migrations_are_named_by_what_they_do():
    names = [p.stem for a in LINE for p in (ROOT / a / "migrations").glob("0*.py")]
    assert names
    assert [n for n in names if re.search(r"_auto_|_alter_\w+_and_more|initial", n)] == []


def templates_and_styles():
    yield from (ROOT / "templates").rglob("*.html")
    yield from (p for p in (ROOT / "static").rglob("*.css"))
    yield from (p for p in (ROOT / "static/js").rglob("*.js"))


FOREIGN = re.compile(r"""(?:src|href|action|@import|url\()\s*=?\s*["'(]?\s*(?:https?:)?//[\w.]""")


@pytest.mark.parametrize(
    "path", list(templates_and_styles()), ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_page_loads_anything_from_another_host(path):
    assert FOREIGN.findall(path.read_text()) == []


INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|\son\w+=|\sstyle=|<style", re.I)


@pytest.mark.parametrize(
    "path",
    [
        p
        for p in (ROOT / "templates").rglob("*.html")
        if not {"documents", "print"} & set(p.relative_to(ROOT).parts)
        and not str(p.relative_to(ROOT / "templates")).startswith(("admin/", "unfold/"))
    ],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_no_page_carries_inline_script_or_style(path):
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "templates").rglob("*.*")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_template_compiles(path):
    if path.suffix in {".html", ".txt"}:
        get_template(str(path.relative_to(ROOT / "templates")))


def test_every_notice_names_a_template_that_is_there():
    sent = set()
    for path in python_files():
        for call in calls(path, {"send"}):
            if isinstance(call.args[0], ast.Constant) and "/" in str(call.args[0].value):
                sent.add(call.args[0].value)
    for name in sent:
        get_template(f"notices/{name}.txt")


@pytest.mark.parametrize("path", sorted((ROOT / "templates/notices").rglob("*.txt")), ids=str)
def test_every_notice_renders_with_a_title(path):
    engine = engines["django"]
    text = engine.from_string(path.read_text()).render({}).strip()
    assert text.splitlines()[0].strip()


def calls(path: Path, names: set[str]):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in names:
                yield node


def labels() -> dict[str, str]:
    found = {}
    for app in LINE:
        if find_spec(f"{app}.steps"):
            found |= import_module(f"{app}.steps").LABELS
    return found


def test_every_log_step_has_a_chinese_label():
    used = set()
    for path in python_files():
        for call in calls(path, {"record"}):
            for arg in call.args[1:2]:
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                    used.add(arg.value)
    assert used
    assert used - set(labels()) == set()
    assert all(re.search(r"[\u4e00-\u9fff]", label) for label in labels().values())


def test_the_readme_names_only_commands_that_exist():
    readme = (ROOT / "README.md").read_text()
    commands = set(re.findall(r"\bbin/[\w-]+", readme))
    assert {"bin/demo", "bin/test"} <= commands
    for command in commands:
        assert (ROOT / command).stat().st_mode & 0o111, command


def test_every_setting_is_explained():
    source = (ROOT / "congress/settings.py").read_text()
    asked = set(re.findall(r"""(?:env(?:\.\w+)?|one_of|database)\(\s*"([A-Z_]+)\"""", source))
    explained = set(re.findall(r"^#?\s?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert asked and asked <= explained


def test_only_access_speaks_to_guardian():
    for path in python_files():
        if "guardian" in path.read_text() and path.name not in {"access.py", "settings.py"}:
            assert path.relative_to(ROOT).as_posix() in {
                "congress/models/accounts.py",  # the table of grants itself
            } or not re.search(r"^(from|import) guardian", path.read_text(), re.M), path


def test_nothing_names_a_machine_or_a_registry():
    words = re.compile(r"/work/|index-url|https?://[\w.]*(pypi|npmjs|debian)\.", re.I)
    for path in [
        *ROOT.glob("*.lock"),
        ROOT / "pyproject.toml",
        *ROOT.glob("docs/*.md"),
        ROOT / "README.md",
    ]:
        if path.exists():
            assert not words.search(path.read_text()), path


def test_settings_stay_chinese():
    assert settings.LANGUAGE_CODE == "zh-hans" and settings.TIME_ZONE == "Asia/Shanghai"


def test_every_known_trap_of_handling_suggestions_has_a_test_that_names_it():
    """The 52 cases a naive implementation gets wrong; each is tried by name."""
    named = {
        int(number)
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"trap_(\d\d)", path.read_text())
    }
    named |= {
        int(number)
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"_and_(\d\d)_", path.read_text())
    }
    assert sorted(set(range(1, 53)) - named) == []

"""What the registry's staff pages share."""

from django import forms
from django.http import HttpRequest, HttpResponse

from congress.admin import site
from congress.models import Role

from .. import access

READERS = (*access.READERS, Role.STREET)


def form_page(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    submit: str,
    back: list[tuple[str, str]],
    **more,
) -> HttpResponse:
    """A page that asks one form. `back` is the way there; the last of it is where 取消 leads."""
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "back": back,
        "cancel": back[-1][1],
        **more,
    }
    status = 422 if form.is_bound and form.errors else 200
    return site.render(request, "deputies/staff/form.html", context, status)

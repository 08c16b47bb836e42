"""What the staff's function pages share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .. import handover
from ..flow import NotAllowed
from .site import site

Way = list[tuple[str, str]]


def form_page(
    request: HttpRequest,
    form: forms.Form | None,
    title: str,
    submit: str,
    back: Way,
    template: str = "admin/form.html",
    **more: Any,
) -> HttpResponse:
    """A page that asks one form, or, without one, only whether to go on. `back` is the way there;
    the last of it is where 取消 leads. `explain` is a sentence above the form, `danger` makes the
    button a warning."""
    context = {
        "title": title,
        "form": form,
        "submit": submit,
        "back": back,
        "cancel": back[-1][1],
        **more,
    }
    status = 422 if form is not None and form.is_bound and form.errors else 200
    return site.render(request, template, context, status)


def keep_secret(request: HttpRequest, address: str, secret: handover.Secret) -> HttpResponse:
    """Keep what is shown once and lead to the page at this address that shows it."""
    return redirect(f"{address}?key={handover.keep(request, secret)}")


def secret_page(request: HttpRequest, back: Way) -> HttpResponse:
    """A first password or a token, this once. `back` is the way there; the last of it is whose it
    is."""
    secret = handover.take(request, request.GET.get("key", ""))
    name, address = back[-1]
    context = {
        "title": f"{secret.kind}：{name}" if secret else "已经显示过了",
        "back": back,
        "secret": secret,
        "name": name,
        "done": address,
    }
    response = site.render(request, "congress/staff/handover.html", context)
    response["Cache-Control"] = "no-store"
    return response


def attempt(form: forms.Form, action: Callable, *args: Any, **values: Any) -> Any:
    """Carry an action out for a valid form; a refusal becomes an error of the form, so that what
    was typed stays. Gives what the action gives, None where it was refused."""
    try:
        return action(*args, **values)
    except NotAllowed as refusal:
        form.add_error(None, refusal.sentence)
        return None

"""A form sent twice makes one record: it carries a token that is used up with its work."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from .models import SubmittedForm
from .tenancy import current_congress

FIELD = "once"  # {% once_field %} in a template writes the hidden input


def new_token() -> str:
    """A token for one showing of a form."""
    return str(uuid.uuid4())


def once(view: Callable) -> Callable:
    """Carry a form out once: the second sending is led where the first one went.

    A view that does not redirect (an error in the form) leaves the token unused. A form
    without a token is carried out as it is: the database's own constraints still hold.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        token = _token(request)
        if token is None:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                row = SubmittedForm.objects.create(congress=current_congress(), token=token)
        except IntegrityError:
            return _again(request, token)
        response = view(request, *args, **kwargs)
        if 300 <= response.status_code < 400:
            row.location = response["Location"][:300]
            row.save(update_fields=["location"])
        else:
            row.delete()
        return response

    return guarded


def _token(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST":
        return None
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def _again(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    row = SubmittedForm.objects.filter(token=token).first()
    location = row.location if row else ""
    if not url_has_allowed_host_and_scheme(location, {request.get_host()}):
        location = request.path
    messages.info(request, "这份表单已经提交过，没有重复记录")
    return redirect(location)

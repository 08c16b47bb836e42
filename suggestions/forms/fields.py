"""Fields and checks the forms of suggestions share."""

from django import forms


class YesNoField(forms.TypedChoiceField):
    """One of two answers as radio buttons; cleans to True, False, or None where left open."""

    def __init__(self, *, yes: str, no: str, **kwargs):
        super().__init__(
            choices=[("yes", yes), ("no", no)],
            widget=forms.RadioSelect,
            coerce=lambda value: value == "yes",
            empty_value=None,
            **kwargs,
        )


class Words(forms.CharField):
    """Some lines of text."""

    def __init__(self, *, rows: int = 3, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        kwargs.setdefault("error_messages", {"required": "请填写这一项。"})
        super().__init__(**kwargs)


def no_needs_words(form: forms.Form, answer: str, words: str, sentence: str) -> None:
    """Who answers `answer` with no says why in the field `words`; otherwise the sentence is the
    error there. Called from the form's clean()."""
    values = form.cleaned_data
    if values.get(answer) is False and not (values.get(words) or "").strip():
        form.add_error(words, sentence)

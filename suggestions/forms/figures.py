"""Which year's figures, and which rows behind a figure."""

from collections.abc import Sequence

from django import forms

from ..queries.figures import Asked, Scope


class ScopeForm(forms.Form):
    """A sitting's year, a calendar year or a term; the page's own view goes along."""

    of = forms.ChoiceField(label="统计范围", required=False)
    view = forms.CharField(required=False, widget=forms.HiddenInput)
    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, known: Sequence[Scope], **kwargs):
        super().__init__(*args, **kwargs)
        kinds = (("s", "会次年度"), ("y", "自然年"), ("t", "届"))
        self.fields["of"].choices = [
            (words, [(s.key, s.name) for s in known if s.key[0] == kind]) for kind, words in kinds
        ]


def asked_of(query) -> Asked:
    """The figure an address asks for; what is no number is no part."""
    key = query.get("key", "")
    return Asked(
        query.get("f", "")[:8],
        query.get("by", "")[:20],
        int(key) if key.isascii() and key.isdigit() and len(key) < 18 else None,
        query.get("at", "")[:120],
    )

"""The people of suggestions wait on the first screens too."""

from tests.suggestions.conftest import people, unit  # noqa: F401

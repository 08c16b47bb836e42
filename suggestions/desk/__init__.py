"""代表建议 at the desk of a handling unit and of the government office."""

from . import coordinating, items, lookbacks, office, promises, replies, scores, steps

urlpatterns = [
    *items.urlpatterns,
    *steps.urlpatterns,
    *replies.urlpatterns,
    *promises.urlpatterns,
    *lookbacks.urlpatterns,
    *office.urlpatterns,
    *coordinating.urlpatterns,
    *scores.urlpatterns,
]

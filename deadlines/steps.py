"""The log's words for the steps of time limits."""

LABELS = {
    "deadlines.extend": "延长时限",
    "deadlines.recompute": "按新的节假日安排重算时限",
}

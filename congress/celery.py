"""The queue. Requests never speak to it: they write a job row, the relay sends it."""

import os

from celery import Celery
from celery.signals import worker_process_init

from .memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congress.settings")

app = Celery("congress")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect(weak=False)
def _settle(**_) -> None:
    settle()

"""The web server's door (gunicorn congress.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from .memory import settle

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "congress.settings")
application = get_wsgi_application()
_ = get_resolver().url_patterns  # all pages are loaded now, not by whoever comes first
settle()

"""The Celery app. PostgreSQL is the queue and the truth; a task is only a wake-up call.

Every task claims due rows with FOR UPDATE SKIP LOCKED, so running one twice changes nothing
and losing one costs no more than the sweeper's interval.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pitboss")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

"""The composition root: settings, addresses, the flow of facts, the engine room's start-up.

May name everybody; nobody imports it, except `config.lib` (tools without opinions about players).
A newcomer reads `urls.py` (who answers which address) and `flow.py` (who hears of which fact) first.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]

"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhijia.config.settings")
os.environ.setdefault("ZHIJIA_STATEMENT_TIMEOUT", "60")  # a page never waits longer for one question
application = get_wsgi_application()

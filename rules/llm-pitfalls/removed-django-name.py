import datetime
from django.conf.urls import url
from django.db import models
from django.urls import path
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ugettext_lazy as text

urlpatterns = [
    # ruleid: removed-django-name
    url(r"^orders/$", print),
    # ok: removed-django-name
    path("orders/", print),
]


class Order(models.Model):
    # ruleid: removed-django-name
    name = models.CharField(text("name"))
    # ruleid: removed-django-name
    paid = models.NullBooleanField()
    # ok: removed-django-name
    label = models.CharField(_("label"))
    # ok: removed-django-name
    sent = models.BooleanField(null=True)


async def view(request):
    # ruleid: removed-django-name
    if request.is_ajax():
        # ok: removed-django-name
        return force_str(b"")
    # ok: removed-django-name
    return timezone.now(), datetime.timezone.utc

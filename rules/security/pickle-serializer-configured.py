from celery import Celery
from celery import Celery as Queue
from django.contrib.sessions import serializers

app = Celery("shop")
# ruleid: pickle-serializer-configured
app.conf.task_serializer = "pickle"
# ruleid: pickle-serializer-configured
app.conf.accept_content = ["json", "pickle"]
# ruleid: pickle-serializer-configured
CELERY_ACCEPT_CONTENT = ["pickle"]
# ruleid: pickle-serializer-configured
SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"
# ok: pickle-serializer-configured
app.conf.task_serializer = "json"
# ok: pickle-serializer-configured
app.conf.accept_content = ["json"]
# ok: pickle-serializer-configured
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"


async def start(load):
    queue = Queue("shop")
    # ruleid: pickle-serializer-configured
    queue.conf.update(
        task_serializer="pickle",
        broker_url=await load(),
    )
    # ruleid: pickle-serializer-configured
    return queue, serializers.PickleSerializer

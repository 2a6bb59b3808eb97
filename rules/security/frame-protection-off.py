from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.clickjacking import xframe_options_exempt as framed
from django.views.decorators.clickjacking import xframe_options_sameorigin

# ruleid: frame-protection-off
X_FRAME_OPTIONS = "ALLOWALL"
# ok: frame-protection-off
X_FRAME_OPTIONS = "DENY"


# ruleid: frame-protection-off
@xframe_options_exempt
def page(request):
    return request


# ruleid: frame-protection-off
@method_decorator(framed, name="dispatch")
class Page:
    pass


# ok: frame-protection-off
@xframe_options_sameorigin
async def rightly(request):
    # ok: frame-protection-off
    return request


def after(response):
    # ruleid: frame-protection-off
    response.headers["X-Frame-Options"] = "ALLOW-FROM https://shop.example"
    # ok: frame-protection-off
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response

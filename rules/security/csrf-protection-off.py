import tornado.web
from flask_wtf import CSRFProtect as Protect
from flask_wtf import FlaskForm

app = make_app()
csrf = Protect(app)
# ruleid: csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = False
# ruleid: csrf-protection-off
WTF_CSRF_ENABLED = False
# ok: csrf-protection-off
app.config["WTF_CSRF_ENABLED"] = True


@csrf.exempt
# ruleid: csrf-protection-off
async def pay():
    return "paid"


# ok: csrf-protection-off
async def pay_rightly():
    return "paid"


class Order(FlaskForm):
    class Meta:
        # ruleid: csrf-protection-off
        csrf = False


class Hook(tornado.web.RequestHandler):
    def check_xsrf_cookie(self):
        # todoruleid: csrf-protection-off
        pass


def start(handlers):
    # ruleid: csrf-protection-off
    return tornado.web.Application(handlers, xsrf_cookies=False)


class Strict(tornado.web.RequestHandler):
    # ok: csrf-protection-off
    def check_xsrf_cookie(self):
        if self.get_argument("token") != self.token:
            raise tornado.web.HTTPError(403)

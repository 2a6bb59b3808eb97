from django.core.exceptions import PermissionDenied
from flask_login import current_user
from flask_login import current_user as me


def delete(request, order):
    # ruleid: assert-for-authorization
    assert request.user.is_staff, "staff only"
    order.delete()


class Orders:
    def post(self, order):
        # ruleid: assert-for-authorization
        assert self.request.user.has_perm("shop.change_order", order)
        order.save()


async def close(shop):
    # ruleid: assert-for-authorization
    assert current_user.is_authenticated
    # ok: assert-for-authorization
    assert shop.is_open
    await shop.close()


def close_rightly(request, shop):
    # ok: assert-for-authorization
    if not request.user.is_staff:
        raise PermissionDenied
    shop.close()


def close_by_alias(shop):
    # todoruleid: assert-for-authorization
    assert me.is_admin
    shop.close()


def test_login(client, request):
    client.login()
    # ok: assert-for-authorization
    assert request.user.is_authenticated

import unittest
from unittest import mock
from unittest.mock import AsyncMock as Double

from shop import basket, order


class OrderTest(unittest.TestCase):
    def test_total(self):
        # ruleid: assertion-cannot-fail
        self.assertTrue(True)
        # ruleid: assertion-cannot-fail
        self.assertTrue(order.total([1, 2]), 3)
        # ok: assertion-cannot-fail
        self.assertEqual(order.total([1, 2]), 3)
        # ok: assertion-cannot-fail
        self.assertTrue(order.paid(), "not paid")


def test_basket(send):
    # ruleid: assertion-cannot-fail
    assert (basket.add("tea") == 1, "one item")
    # ruleid: assertion-cannot-fail
    assert len(basket.items()) >= 0
    # ruleid: assertion-cannot-fail
    send.called_once_with("tea")
    # ruleid: assertion-cannot-fail
    send.assert_called_once
    # ok: assertion-cannot-fail
    assert basket.add("tea") == 2, "two items"
    # ok: assertion-cannot-fail
    assert len(basket.items()) >= 1
    # ok: assertion-cannot-fail
    send.assert_called_once_with("tea")
    # ok: assertion-cannot-fail
    assert send.called


async def test_send():
    double = Double()
    await order.send(double)
    # ruleid: assertion-cannot-fail
    assert True


def test_refused():
    try:
        order.total(None)
        assert False
    except TypeError:
        # ok: assertion-cannot-fail
        assert True


async def test_sent(double):
    # ok: assertion-cannot-fail
    double.assert_awaited_once()
    # ok: assertion-cannot-fail
    assert double.await_count == 1 or double.called

import unittest
from shop import order as orders
from shop.order import total


class OrderTest(unittest.TestCase):
    def test_total(self):
        # ruleid: expected-from-tested-call
        expected = orders.total([1, 2])
        self.assertEqual(orders.total([1, 2]), expected)


def test_total():
    # ruleid: expected-from-tested-call
    expected_total = total([1, 2], tax=0.2)
    assert total([1, 2], tax=0.2) == expected_total


async def test_later(client):
    # ruleid: expected-from-tested-call
    want = client.price("tea")
    result = client.price("tea")
    assert result == want


def test_total_rightly():
    # ok: expected-from-tested-call
    expected = 3
    assert total([1, 2]) == expected


def test_other_call(reference):
    # ok: expected-from-tested-call
    expected = reference.total([1, 2])
    assert total([1, 2]) == expected


def test_stays_the_same(cache):
    # ok: expected-from-tested-call
    first = cache.get("tea")
    assert cache.get("tea") == first

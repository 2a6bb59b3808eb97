import unittest
from unittest import mock
from unittest.mock import MagicMock as Double
from unittest.mock import patch

from shop import order


def test_total():
    # ruleid: mock-tests-itself
    with patch("shop.order.total", return_value=3):
        assert order.total([1, 2]) == 3


def test_price(service):
    # ruleid: mock-tests-itself
    service.price.return_value = 7
    assert service.price("tea") == 7


async def test_rate():
    client = Double()
    # ruleid: mock-tests-itself
    client.rate.return_value = 0.2
    rate = await client.rate("EU")
    assert rate == 0.2


def test_total_rightly():
    # ok: mock-tests-itself
    with patch("shop.order.rate", return_value=0.2):
        assert order.total([10]) == 12


def test_price_rightly(service):
    # ok: mock-tests-itself
    service.price.return_value = 7
    assert order.total(["tea"], service) == 7


async def test_rate_rightly():
    client = Double()
    # ok: mock-tests-itself
    client.rate.return_value = 0.2
    assert await order.tax(client, 100) == 20


class CaseTest(unittest.TestCase):
    def test_name(self):
        person = mock.Mock()
        # ruleid: mock-tests-itself
        person.name.return_value = "Ann"
        self.assertEqual(person.name(), "Ann")

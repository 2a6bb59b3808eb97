import logging
import unittest
from shop import order as orders

logger = logging.getLogger(__name__)


def test_total():
    try:
        result = orders.total([1, 2])
        assert result == 3
    except Exception:
        # ruleid: assertion-in-swallowing-try
        pass


class OrderTest(unittest.TestCase):
    def test_total(self):
        try:
            self.assertEqual(orders.total([1, 2]), 3)
        except AssertionError as error:
            # ruleid: assertion-in-swallowing-try
            print(f"not equal: {error}")


async def test_send(client):
    try:
        answer = await client.post("/orders")
        assert answer.status_code == 201
    except (OSError, Exception) as error:
        # ruleid: assertion-in-swallowing-try
        logger.warning("no server: %s", error)


def test_total_rightly():
    try:
        result = orders.total([])
    except ValueError:
        # ok: assertion-in-swallowing-try
        pass
    assert orders.total([1]) == 1


def test_error():
    try:
        assert orders.total([1]) == 1
    except Exception as error:
        # ok: assertion-in-swallowing-try
        raise RuntimeError("total broke") from error


def test_skips(server):
    try:
        assert server.ping()
    except OSError:
        # ok: assertion-in-swallowing-try
        return

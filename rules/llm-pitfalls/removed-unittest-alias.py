import unittest
from unittest import IsolatedAsyncioTestCase as AsyncCase

from shop import order


class OrderTest(unittest.TestCase):
    def test_total(self):
        # ruleid: removed-unittest-alias
        self.assertEquals(order.total([1, 2]), 3)
        # ruleid: removed-unittest-alias
        self.assertAlmostEquals(order.rate(), 0.2)
        # ruleid: removed-unittest-alias
        self.assertRegexpMatches(
            order.number(),
            "^[0-9]+$",
        )
        # ok: removed-unittest-alias
        self.assertEqual(order.total([1, 2]), 3)
        # ok: removed-unittest-alias
        self.assertTrue(order.paid())
        # ok: removed-unittest-alias
        self.assertRegex(order.number(), "^[0-9]+$")


class LaterTest(AsyncCase):
    async def test_send(self):
        # ruleid: removed-unittest-alias
        self.assertNotEquals(await order.send(), None)

import logging.config
import logging.config as configuration
from logging.config import listen


def start(port, check):
    # ruleid: log-config-from-network
    thread = logging.config.listen(9999)
    # ruleid: log-config-from-network
    other = configuration.listen(port)
    # ok: log-config-from-network
    rightly = logging.config.listen(port, verify=check)
    # ok: log-config-from-network
    positional = listen(port, check)
    # ok: log-config-from-network
    logging.config.fileConfig("logging.ini")
    return thread, other, rightly, positional


async def start_later(port):
    # ruleid: log-config-from-network
    return listen(
        await port(),
    )

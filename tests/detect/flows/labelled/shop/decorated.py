"""Decorators: as sources, as wrappers that leak, as wrappers that do not."""

import functools
import logging

from shop.vault import card_data, get_card, get_name

log = logging.getLogger(__name__)


@card_data
def primary(customer):
    return customer.number


@functools.lru_cache(maxsize=10)
def cached(customer):
    return get_card(customer)


@functools.lru_cache
def cached_name(customer):
    return get_name(customer)


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        result = function(*args, **kwargs)
        log.info(result)  # leak
        return result

    return wrapper


def timed(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        log.info(function.__name__)  # clean
        return function(*args, **kwargs)

    return wrapper


def retry(times):
    def decorate(function):
        def wrapper(*args):
            for _ in range(times):
                return function(*args)

        return wrapper

    return decorate


def silenced(function):
    def wrapper(*args):
        function(*args)
        return "silent"

    return wrapper


@logged
def fetch(customer):
    return get_card(customer)


@timed
def fetch_timed(customer):
    return get_card(customer)


@retry(3)
def fetch_retried(customer):
    return get_card(customer)


@silenced
def fetch_silenced(customer):
    return get_card(customer)


def users(customer):
    log.info(primary(customer))  # leak
    log.info(cached(customer))  # leak
    log.info(cached_name(customer))  # clean
    fetch(customer)
    log.info(fetch_timed(customer))  # leak
    log.info(fetch_retried(customer))  # leak
    log.info(fetch_silenced(customer))  # clean

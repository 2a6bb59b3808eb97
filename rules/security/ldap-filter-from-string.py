import ldap
import ldap.filter
from ldap.filter import escape_filter_chars, filter_format
from ldap import SCOPE_SUBTREE as SUBTREE

BASE = "ou=people,dc=acme,dc=org"


def find(connection, user):
    # ruleid: ldap-filter-from-string
    people = connection.search_s(BASE, SUBTREE, f"(uid={user})")
    query = "(&(objectClass=person)(uid=%s))" % user
    # ruleid: ldap-filter-from-string
    found = connection.search_ext_s(BASE, ldap.SCOPE_SUBTREE, query, ["cn"])
    # ok: ldap-filter-from-string
    rightly = connection.search_s(BASE, SUBTREE, f"(uid={escape_filter_chars(user)})")
    # ok: ldap-filter-from-string
    formatted = connection.search_s(BASE, SUBTREE, filter_format("(uid=%s)", [user]))
    # ok: ldap-filter-from-string
    everyone = connection.search_s(BASE, SUBTREE, "(objectClass=person)")
    return people, found, rightly, formatted, everyone


def find_by_ldap3(connection, user):
    # ruleid: ldap-filter-from-string
    connection.search(BASE, "(uid={})".format(user), attributes=["cn"])
    connection.search(
        search_base=BASE,
        # ruleid: ldap-filter-from-string
        search_filter=f"(mail={user})",
    )


async def find_later(connection, user):
    safe = ldap.filter.escape_filter_chars(user)
    # ok: ldap-filter-from-string
    return connection.search_s(BASE, SUBTREE, f"(uid={safe})")

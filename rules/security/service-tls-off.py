import boto3
import ldap
import psycopg
import redis
from pymongo import MongoClient as Mongo


def connect(host, configuration):
    # ruleid: service-tls-off
    database = psycopg.connect(host=host, sslmode="disable")
    # ruleid: service-tls-off
    cache = redis.Redis(
        host=host,
        ssl=True,
        ssl_cert_reqs=None,
    )
    # ruleid: service-tls-off
    documents = Mongo(host, tls=True, tlsAllowInvalidCertificates=True)
    # ruleid: service-tls-off
    bucket = boto3.client("s3", verify=False)
    # ruleid: service-tls-off
    ldap.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_NEVER)
    # ruleid: service-tls-off
    configuration.verify_ssl = False
    # ok: service-tls-off
    rightly = psycopg.connect(host=host, sslmode="verify-full")
    # ok: service-tls-off
    checked = redis.Redis(host=host, ssl=True, ssl_cert_reqs="required")
    # ok: service-tls-off
    private = boto3.client("s3", verify="/etc/ssl/acme.pem")
    return database, cache, documents, bucket, rightly, checked, private


async def connect_later(host):
    # ruleid: service-tls-off
    connection = await psycopg.AsyncConnection.connect(host=host, sslmode="disable")
    # ok: service-tls-off
    return connection, await psycopg.AsyncConnection.connect(host=host, sslmode="require")

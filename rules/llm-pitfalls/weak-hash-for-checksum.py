import hashlib
import hashlib as hl
from hashlib import sha1


def digest(data, path, token):
    # ruleid: weak-hash-for-checksum
    hashlib.md5(data).hexdigest()
    # ruleid: weak-hash-for-checksum
    hl.new("sha1", data)
    # ruleid: weak-hash-for-checksum
    sha1(path.read_bytes())
    # ruleid: weak-hash-for-checksum
    running = hashlib.md5()
    # ok: weak-hash-for-checksum
    hashlib.sha256(data).hexdigest()
    # ok: weak-hash-for-checksum
    hashlib.md5(data, usedforsecurity=False).hexdigest()
    # ok: weak-hash-for-checksum
    hashlib.md5(token.encode())
    # ok: weak-hash-for-checksum
    return running, hl.blake2b(data)


async def etag(response):
    # ruleid: weak-hash-for-checksum
    return hashlib.sha1(await response.body()).hexdigest()

# ruleid: pip-source-unverified
pip install --trusted-host pypi.acme.example tool
# ruleid: pip-source-unverified
pip3 install --index-url http://pypi.acme.example/simple tool
# ruleid: pip-source-unverified
export PIP_TRUSTED_HOST=pypi.acme.example
# ruleid: pip-source-unverified
uv pip install --extra-index-url http://pypi.acme.example/simple tool
# ok: pip-source-unverified
pip install --index-url https://pypi.acme.example/simple tool
# ok: pip-source-unverified
pip install tool
# ok: pip-source-unverified
# pip install --trusted-host is what we do not do

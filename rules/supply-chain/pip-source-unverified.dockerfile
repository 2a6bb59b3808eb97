FROM python:3.12
# ruleid: pip-source-unverified
RUN pip install --trusted-host=pypi.acme.example tool==1.0
# ruleid: pip-source-unverified
ENV PIP_INDEX_URL=http://pypi.acme.example/simple
# ruleid: pip-source-unverified
RUN python -m pip install -i http://pypi.acme.example/simple tool==1.0
# ok: pip-source-unverified
RUN pip install --index-url https://pypi.acme.example/simple tool==1.0
# ok: pip-source-unverified
ENV PIP_NO_CACHE_DIR=1
# ok: pip-source-unverified
RUN pip install --cert /etc/ca.pem tool==1.0

FROM python:3.12
# ruleid: pip-second-index
RUN pip install --extra-index-url https://pypi.acme.example/simple acme-tool==1.0
# ruleid: pip-second-index
ENV PIP_EXTRA_INDEX_URL=https://pypi.acme.example/simple
# ruleid: pip-second-index
RUN apt-get update && pip3 install acme --extra-index-url "https://pypi.acme.example/simple"
# ok: pip-second-index
RUN pip install --index-url https://pypi.acme.example/simple acme-tool==1.0
# ok: pip-second-index
ENV PIP_INDEX_URL=https://pypi.acme.example/simple
# ok: pip-second-index
RUN pip install tool==1.0

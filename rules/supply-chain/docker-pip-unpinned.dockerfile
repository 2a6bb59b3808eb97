FROM python:3.12
# ruleid: docker-pip-unpinned
RUN pip install requests
# ruleid: docker-pip-unpinned
RUN pip install --no-cache-dir gunicorn && make
# ruleid: docker-pip-unpinned
RUN apt-get update && python -m pip install "uvicorn[standard]"
# ok: docker-pip-unpinned
RUN pip install requests==2.32.3
# ok: docker-pip-unpinned
RUN pip install --require-hashes -r requirements.txt
# ok: docker-pip-unpinned
RUN pip install --upgrade pip
# ok: docker-pip-unpinned
RUN pip install .

FROM debian:12
# ruleid: docker-add-from-url
ADD https://example.org/tool.tar.gz /opt/
# ruleid: docker-add-from-url
ADD --chown=1000:1000 https://example.org/tool.sh /usr/local/bin/tool
# ruleid: docker-add-from-url
ADD ["http://example.org/a.txt", "/a.txt"]
# ok: docker-add-from-url
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/t.gz /opt/
# ok: docker-add-from-url
ADD src/ /app/
# ok: docker-add-from-url
COPY tool.tar.gz /opt/

FROM debian:12
# ruleid: curl-pipe-shell
RUN curl -sSL https://get.example.org | sh
# ruleid: curl-pipe-shell
RUN apt-get update && curl -fsSL https://get.example.org/setup | bash - && apt-get install -y tool
# ruleid: curl-pipe-shell
RUN sh -c "$(wget -qO- https://get.example.org)"
# ok: curl-pipe-shell
RUN curl -fsSLo /tmp/t.sh https://get.example.org/t.sh && echo "$SUM /tmp/t.sh" | sha256sum -c && sh /tmp/t.sh
# ok: curl-pipe-shell
RUN curl -s https://example.org/key.gpg | gpg --dearmor > /usr/share/keyrings/k.gpg
# ok: curl-pipe-shell
RUN echo hello | sh

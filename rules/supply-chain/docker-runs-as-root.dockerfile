FROM debian:12
# ok: docker-runs-as-root
USER app
RUN make
# ok: docker-runs-as-root
USER root
RUN apt-get update
# ok: docker-runs-as-root
USER 1000:1000
RUN make
# ruleid: docker-runs-as-root
USER root
CMD ["app"]

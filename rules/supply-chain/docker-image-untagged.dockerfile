# ruleid: docker-image-untagged
FROM python
# ruleid: docker-image-untagged
FROM debian:latest AS build
# ruleid: docker-image-untagged
FROM registry.acme.example:5000/team/base
# ok: docker-image-untagged
FROM python:3.12-slim AS run
# ok: docker-image-untagged
FROM build
# ok: docker-image-untagged
FROM our-own-base
# ok: docker-image-untagged
FROM scratch
# ok: docker-image-untagged
FROM debian@sha256:0a4eaa0eecf5f8c050e5bba433f58c052be7587ee8af3e8b3910ef9ab5fbe9f5
# ok: docker-image-untagged
FROM ${BASE}

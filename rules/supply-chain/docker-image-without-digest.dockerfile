# ruleid: docker-image-without-digest
FROM python:3.12-slim
# ruleid: docker-image-without-digest
FROM --platform=linux/amd64 debian:12 AS build
# ruleid: docker-image-without-digest
FROM ghcr.io/acme/base:1.4.2
# ok: docker-image-without-digest
FROM python:3.12@sha256:0a4eaa0eecf5f8c050e5bba433f58c052be7587ee8af3e8b3910ef9ab5fbe9f5
# ok: docker-image-without-digest
FROM debian:latest
# ok: docker-image-without-digest
FROM build
# ok: docker-image-without-digest
FROM python:${VERSION}

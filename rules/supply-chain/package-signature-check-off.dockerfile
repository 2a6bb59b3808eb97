FROM debian:12
# ruleid: package-signature-check-off
RUN apt-get update && apt-get install -y --force-yes tool
# ruleid: package-signature-check-off
RUN apk add --allow-untrusted /tmp/tool.apk
# ruleid: package-signature-check-off
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
# ok: package-signature-check-off
RUN apt-get update && apt-get install -y --no-install-recommends tool
# ok: package-signature-check-off
RUN apk add --no-cache tool
# ok: package-signature-check-off
ENV NODE_ENV=production

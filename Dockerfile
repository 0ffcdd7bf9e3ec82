# The image of one node. ./build-image makes the archives that are added here: a runtime with the modules that the
# service needs, the libraries, the application, and its cache of loaded and linked classes.
FROM debian:bookworm-slim

# From what changes least to what changes most. Archives keep their times, so the same input makes the same layers.
ADD runtime.tar /
ADD libraries.tar /
ADD application.tar /
ADD cache.tar /

# By number, so that an orchestrator can tell that it is not root. Owns nothing, and nothing has to be writable.
USER 65532:65532

ENV PUSH_HOST=0.0.0.0
# Public: subscribers. Private: publishers, health and metrics; never to be reached from outside.
EXPOSE 8080 8081

STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 CMD ["/opt/edgepush/health", "live"]
ENTRYPOINT ["/opt/edgepush/runtime/bin/java", "@/opt/edgepush/jvm.options", \
  "-XX:AOTCache=/opt/edgepush/edgepush.aot", "-jar", "/opt/edgepush/push-service.jar"]

ARG VERSION
ARG REVISION
ARG CREATED
LABEL org.opencontainers.image.title="edgepush" \
  org.opencontainers.image.description="Edge push service: backends POST events, browsers subscribe at one URL" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.base.name="debian:bookworm-slim" \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED"

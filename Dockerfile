# syntax=docker/dockerfile:1.7
# `docker build --target base .` serves and ingests, without torch; `--target model` also trains.
# A package index of your own: --secret id=pip.conf,src=/etc/pip.conf

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_CACHE_DIR=/var/cache/pip
RUN python -m venv /opt/cisgraph
ENV PATH=/opt/cisgraph/bin:$PATH
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/var/cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    pip install --constraint constraints.txt .

FROM build AS build-model
RUN --mount=type=cache,target=/var/cache/pip --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    pip install --constraint constraints.txt '.[model]'

FROM python:3.11-slim AS runtime
RUN useradd --uid 10001 --user-group --create-home cisgraph \
 && install --directory --owner=cisgraph --group=cisgraph /var/lib/cisgraph /data
ENV PATH=/opt/cisgraph/bin:$PATH PYTHONUNBUFFERED=1 CISGRAPH_HOME=/var/lib/cisgraph
# Like Neo4j's own image: NEO4J_AUTH_FILE names a file that holds user/password.
COPY --chmod=755 <<'SCRIPT' /usr/local/bin/with-neo4j-auth
#!/bin/sh
set -eu
if [ -n "${NEO4J_AUTH_FILE:-}" ]; then
  auth=$(cat "$NEO4J_AUTH_FILE")
  export NEO4J_USER="${auth%%/*}" NEO4J_PASSWORD="${auth#*/}"
fi
exec "$@"
SCRIPT
WORKDIR /data
USER cisgraph
ENTRYPOINT ["with-neo4j-auth", "cisgraph"]
CMD ["--help"]

FROM runtime AS model
COPY --from=build-model /opt/cisgraph /opt/cisgraph

FROM runtime AS base
COPY --from=build /opt/cisgraph /opt/cisgraph
EXPOSE 8000
CMD ["serve", "--host", "0.0.0.0"]

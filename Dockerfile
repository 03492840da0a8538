# syntax=docker/dockerfile:1
# One image for plane and agent: `palette plane run --config FILE`, `palette agent run`.

FROM golang:1.25.4-bookworm AS go

FROM node:22.21.1-bookworm AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY . .
RUN npm run build
# Helm is built as everywhere else: by the command that knows its pin and its flags.
COPY --from=go /usr/local/go /usr/local/go
ENV PATH=/usr/local/go/bin:$PATH
RUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/root/go/pkg \
    install -D "$(node dist/cli/main.js tools path helm)" /out/usr/local/bin/helm
RUN npm prune --omit=dev --no-audit --no-fund \
    && mkdir -p /out/app \
    && cp -a package.json LICENSE dist node_modules /out/app/ \
    && rm -rf /out/app/dist/test /out/app/dist/examples

# Neither shell nor package manager: node, what it links to, CA certificates. It has no tags by version: a release pins it
# by digest.
FROM gcr.io/distroless/nodejs22-debian12:nonroot
COPY --from=build /out /
# Templates are rendered here; the root file system may be read-only.
ENV NODE_ENV=production \
    HELM_CACHE_HOME=/tmp/helm/cache \
    HELM_CONFIG_HOME=/tmp/helm/config \
    HELM_DATA_HOME=/tmp/helm/data
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
WORKDIR /tmp
# The API of the plane as examples configure it, and the agent's metrics.
EXPOSE 8443 9090
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
CMD ["--help"]

# The consumer in a container. Node 24 runs the TypeScript sources as they are, so there is no build step.
#
#   docker build -t kiosk-redis-consumer .
#   docker run --env-file settings.env kiosk-redis-consumer                  # runs the consumer
#   docker run --env-file settings.env kiosk-redis-consumer check-config     # or another command
#
# For other processors: docker buildx build --platform linux/amd64,linux/arm64 .  (no dependency is compiled)

ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS dependencies
# npm takes the name of the folder for the name of the product in the list of its parts.
WORKDIR /kiosk-redis-consumer
COPY package.json package-lock.json .npmrc ./
# The optional dependencies are Node itself, for machines with an older one.
RUN npm sbom --omit=dev --omit=optional --package-lock-only --sbom-format=cyclonedx > sbom.json \
 && npm ci --omit=dev --omit=optional --loglevel=error \
 && rm -r node_modules/@types \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="kiosk-redis-consumer" \
      org.opencontainers.image.description="Consumer of DeepCell Kiosk jobs: images in, label images out." \
      org.opencontainers.image.licenses="Apache-2.0"
ENV NODE_ENV=production
# One heap for all threads, in which the memory of arrays is used again: heaps of their own would keep what threads no
# longer need. Arrays of 4 MiB and more go back to the system at once: in the heap the gaps between them took 80 MiB.
# Huge pages, where the kernel offers them, make fresh memory cheap.
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=4194304 MALLOC_TRIM_THRESHOLD_=33554432 GLIBC_TUNABLES=glibc.malloc.hugetlb=1
WORKDIR /app
COPY --from=dependencies /kiosk-redis-consumer/sbom.json ./
COPY --from=dependencies /kiosk-redis-consumer/node_modules ./node_modules
COPY package.json LICENSE ./
COPY bin ./bin
# What `workflow deploy` makes manifests of.
COPY deploy/kubernetes ./deploy/kubernetes
COPY docs/runbooks ./docs/runbooks
COPY src ./src
# Keeps what Node compiles, for the consumer and for its threads, so that they start in half the time.
RUN node bin/kiosk-redis-consumer.mjs check-config > /dev/null
# By number, so that a cluster can see that it is not root. Nothing is written to the image.
USER 1000:1000
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT || process.env.HTTP_PORT || 8080}/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Half of the usual room for young objects: each of them may hold a part of a message of a model server until it is collected.
ENTRYPOINT ["node", "--max-semi-space-size=8", "bin/kiosk-redis-consumer.mjs"]

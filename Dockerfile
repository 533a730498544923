# The gateway and the worker in one image: `affinity start` or `affinity worker`.
# NODE_IMAGE: any image with Node 20.19 or a later 20, or 22.12 or newer, npm and glibc.
ARG NODE_IMAGE=node:20-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build && npm prune --omit=dev && rm -rf .cache

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 AFFINITY_DATA_DIR=/var/lib/affinity
WORKDIR /opt/affinity
COPY --from=build /build/package.json /build/schema.graphql /build/LICENSE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/prisma ./prisma
COPY --from=build /build/node_modules ./node_modules
RUN groupadd --system --gid 10001 affinity \
  && useradd --system --uid 10001 --gid affinity --home-dir /var/lib/affinity --create-home affinity
USER affinity
VOLUME /var/lib/affinity
EXPOSE 4000
# Ready means: the database responds and the models are loaded. A worker has no port: override or disable the check there.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "bin/affinity.mjs"]
CMD ["start"]

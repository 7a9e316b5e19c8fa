# docker build -t bulk42 .
# docker run --rm --read-only --tmpfs /tmp -v "$PWD:/data" --user "$(id -u):$(id -g)" bulk42 run users export.csv --yes
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN mkdir /pack && npm pack --pack-destination /pack && npm install --global --prefix /opt/bulk42 /pack/bulk42-*.tgz

FROM node:24-bookworm-slim
COPY --from=build /opt/bulk42 /opt/bulk42
# The state folder has to outlive the container, as the runs do: it remembers what was sent in the last hour.
ENV PATH=/opt/bulk42/bin:$PATH XDG_STATE_HOME=/data/.state
WORKDIR /data
RUN chown node:node /data
USER node
ENTRYPOINT ["bulk42"]
CMD ["--help"]

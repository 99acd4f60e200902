# Two stages: what builds stays behind, what runs is a Python, the locked packages, the bot and its content.
# 3.11 is the Python the tests run on; a newer one is a build argument: --build-arg PYTHON=3.13
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/lotse
WORKDIR /src
# The packages first: they change less often than the bot, so this layer is kept.
COPY requirements.lock ./
RUN pip --python /opt/lotse/bin/python install --require-hashes --only-binary=:all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
# setuptools is locked as well; once the bot is installed nothing needs it.
RUN pip --python /opt/lotse/bin/python install --no-deps --no-build-isolation . \
    && pip --python /opt/lotse/bin/python uninstall --yes setuptools
# A checkout that only its owner may read (umask 077) would leave the bot without its content.
COPY content content
RUN chmod -R a+rX content

FROM python:${PYTHON}-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin lotse \
    && install --directory --owner=lotse --group=lotse --mode=0700 /data /keys
COPY --from=build /opt/lotse /opt/lotse
WORKDIR /app
COPY --from=build /src/content content
# HOST: inside a container "this machine only" would be nobody; what is published decides who may come in.
ENV PATH=/opt/lotse/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    HEALTH_PORT=8081 \
    DATA_DIR=/data \
    KEY_FILE=/keys/lotse.key \
    CONTENT_DIR=/app/content
USER 10001:10001
# The keys of sealed texts on a volume of their own: a copy of the data is of no use without them.
VOLUME /data
VOLUME /keys
EXPOSE 8080
# The health check is on the webhook's port where there is a webhook; it goes past every proxy.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python", "-c", "\
import os; from urllib.request import ProxyHandler, build_opener; \
port = os.environ['PORT' if os.environ.get('WEBHOOK_URL') else 'HEALTH_PORT']; \
build_opener(ProxyHandler({})).open(f'http://127.0.0.1:{port}/health', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["lotse", "run"]

# The service as an image. What is installed is pinned by hash; it runs as a user of its own and writes to /data and /tmp alone.
FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/mgi
COPY requirements.txt /source/
RUN /opt/mgi/bin/pip install --require-hashes -r /source/requirements.txt
COPY pyproject.toml README.md LICENSE /source/
COPY app /source/app
COPY migrations /source/migrations
COPY questionnaire /source/questionnaire
COPY scoring /source/scoring
RUN /opt/mgi/bin/pip install --no-deps /source && /opt/mgi/bin/python -m compileall -q /opt/mgi/lib

FROM python:3.12-slim
RUN useradd --system --uid 10001 --no-create-home mgi && install -d -m 0700 -o mgi -g mgi /data
COPY --from=build /opt/mgi /opt/mgi
ENV PATH=/opt/mgi/bin:$PATH MGI_DATA=/data PYTHONDONTWRITEBYTECODE=1
USER mgi
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=3)"]
ENTRYPOINT ["mgi"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

# Stint as one container: API and worker on one SQLite file in /data.
#
#   docker build -t stint .
#   docker run --rm -v stint-data:/data stint stint keys create
#   docker run -p 8000:8000 -v stint-data:/data stint

FROM python:3.12-slim AS wheel
WORKDIR /src
COPY pyproject.toml README.md ./
COPY schemas schemas
COPY solver solver
COPY service service
COPY stint stint
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.12-slim
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 STINT_KERNEL_CACHE=/var/cache/stint

# Who runs it, and the two folders that this user may write.
RUN useradd --system --uid 10001 --user-group --no-create-home stint \
    && install -d -o stint -g stint /data /var/cache/stint

COPY requirements.lock /tmp/requirements.lock
RUN pip install --no-cache-dir --require-hashes -r /tmp/requirements.lock

# Numba knows a cached kernel by its source file's time of change. Layers keep whole seconds only, so the times are
# set to one before the kernels are compiled; otherwise every container would compile them again at its first solve.
# On another kind of processor than the builder's it does so in any case, once, for as long as the container lives.
RUN --mount=type=bind,from=wheel,source=/wheel,target=/wheel \
    pip install --no-cache-dir --no-deps /wheel/*.whl \
    && find "$(python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/solver" -name '*.py' \
        -exec touch -d @1700000000 {} +

USER 10001:10001
WORKDIR /data
RUN python -P -m solver.kernels

ENV STINT_DATABASE_URL=sqlite:////data/stint.sqlite
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["stint", "serve", "--host", "0.0.0.0", "--port", "8000"]

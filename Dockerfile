# One image for CPU and GPU:                docker build -t playground .
# Smaller, for machines without a GPU:      docker build -t playground --build-arg TORCH_INDEX=<address> .
# where <address> is a package index of PyTorch wheels for the CPU. README.md says how to run it.

ARG PYTHON=3.13

FROM python:${PYTHON}-slim-bookworm AS build
ARG UV=0.13.8
ARG TORCH_INDEX=""
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN pip install --no-cache-dir "uv==${UV}"
ENV UV_NO_CACHE=1 UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV=/opt/playground
RUN uv venv "$VIRTUAL_ENV"
WORKDIR /src

# What the playground needs at run time, at the lock's versions and checked against its hashes. With TORCH_INDEX, torch of
# the lock's version comes from there: those wheels ask for no CUDA, so nvidia-*, cuda-* and triton stay away.
COPY pyproject.toml requirements.lock ./
RUN cp requirements.lock constraints.txt; \
    if [ -n "$TORCH_INDEX" ]; then \
        version="$(sed -n 's/^torch==\([^ ;]*\).*/\1/p' requirements.lock)"; \
        uv pip install --no-deps --index-url "$TORCH_INDEX" "torch==$version"; \
        awk '/^[^ ]/ { torch = /^torch==/ } !torch' requirements.lock > constraints.txt; \
    fi; \
    uv pip install --requirements pyproject.toml --group headless --constraints constraints.txt

COPY LICENSE README.md ./
COPY playground playground
COPY pages pages
RUN uv pip install --no-deps --build-constraints requirements.lock .


FROM python:${PYTHON}-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /app playground \
    && install -d -o playground -g playground /data /models
COPY --from=build /opt/playground /opt/playground
ENV PATH=/opt/playground/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PLAYGROUND_MODE=public \
    PLAYGROUND_DATA=/data \
    PLAYGROUND_MODELS=/models \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001
WORKDIR /app
VOLUME ["/data", "/models"]
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
CMD ["playground", "serve", "--host", "0.0.0.0", "--port", "8501"]

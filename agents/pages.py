"""The pages of one process, on the loopback address: /healthz, /metrics, and what commands ask through the worker."""

import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self

import prometheus_client
from aiohttp import ClientError, ClientSession, ClientTimeout, web

from agents.logs import mask
from agents.settings import Settings

HOST = "127.0.0.1"  # never wider: pages answer to whoever may log in here
ANSWER_SECONDS = 30.0

Question = Mapping[str, Any]
Answer = dict[str, Any]
Health = Callable[[], Answer]


class Pages:
    """Serves until `stop`. Its address stands in `folder/pages/NAME` while it serves.

    `health` says how the process is: whatever it returns is shown, and a false "ok" turns the status into 503.
    """

    def __init__(self, settings: Settings, name: str, health: Health) -> None:
        self._name = name
        self._health = health
        self._file = address_file(settings, name)
        self._app = web.Application()
        self._app.router.add_get("/healthz", self._healthz)
        self._app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(self._app, access_log=None)  # a question holds a NIK: it is not logged

    def answer(self, path: str, handler: Callable[[Question], Awaitable[Answer]]) -> None:
        """POST `path`: the JSON object of the body goes to `handler`, and what it returns comes back as JSON.

        A LookupError becomes 404, a ValueError 400, each with its sentence.
        """

        async def post(request: web.Request) -> web.Response:
            try:
                return web.json_response(await handler(json.loads(await request.text())))
            except LookupError as error:
                return _refusal(HTTPStatus.NOT_FOUND, error)
            except ValueError as error:
                return _refusal(HTTPStatus.BAD_REQUEST, error)

        self._app.router.add_post(path, post)

    async def start(self) -> None:
        """Take a free port and write the address."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, 0).start()
        port = self._runner.addresses[0][1]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(f".{os.getpid()}")
        new.write_text(f"{HOST}:{port}\n", encoding="ascii")
        new.replace(self._file)  # whole or not at all: commands read it at any time

    async def stop(self) -> None:
        self._file.unlink(missing_ok=True)
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _healthz(self, _: web.Request) -> web.Response:
        said = {"ok": True, "stage": self._name, "pid": os.getpid(), **self._health()}
        return web.json_response(said, status=HTTPStatus.OK if said["ok"] else HTTPStatus.SERVICE_UNAVAILABLE)

    async def _metrics(self, _: web.Request) -> web.Response:
        body = prometheus_client.generate_latest()
        return web.Response(body=body, headers={"Content-Type": prometheus_client.CONTENT_TYPE_LATEST})


def page_name(stage: str, settings: Settings) -> str:
    """Under which name a stage's page is found; a second worker's is told apart by its instance."""
    return stage if settings.instance == "1" else f"{stage}-{settings.instance}"


def address_file(settings: Settings, name: str) -> Path:
    """Where the process `name` writes the address of its pages."""
    return settings.folder / "pages" / name


def address(settings: Settings, name: str) -> str | None:
    """host:port of the pages of `name`, or None when none is written."""
    with contextlib.suppress(FileNotFoundError):
        return address_file(settings, name).read_text(encoding="ascii").strip()
    return None


async def ask(
    settings: Settings, name: str, path: str, question: Question | None = None, limit_seconds: float = ANSWER_SECONDS
) -> Answer | None:
    """What the process `name` answers to `question` (None: what its page `path` says); None when it does not run.

    Raises LookupError or ValueError with the process's own sentence when it refuses.
    """
    where = address(settings, name)
    if where is None:
        return None
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=limit_seconds)) as session,
            session.request(
                "GET" if question is None else "POST",
                f"http://{where}{path}",
                json=None if question is None else dict(question),
            ) as response,
        ):
            said: Answer = await response.json()
            if response.status == HTTPStatus.NOT_FOUND:
                raise LookupError(said["error"])
            if response.status == HTTPStatus.BAD_REQUEST:
                raise ValueError(said["error"])
            response.raise_for_status()
            return said
    except (ClientError, TimeoutError):
        return None  # its address outlived it


def _refusal(status: HTTPStatus, error: Exception) -> web.Response:
    return web.json_response({"error": mask(str(error.args[0]) if error.args else "")}, status=status)

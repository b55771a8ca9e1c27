"""Clients that send requests as fast as they are answered, over kept connections; the latency of each is kept."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any


@dataclass
class Caller:
    """One client: what it sends next, and what it makes of the answer."""

    make: Callable[[], tuple[str, str, dict[str, str], Any]]
    take: Callable[[int, dict[str, Any]], None]


@dataclass
class Load:
    """What was measured: seconds in all, and seconds of each request."""

    seconds: float
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests per second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests stay under, in seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run_load(port: int, callers: list[Caller], seconds: float) -> Load:
    """Let all callers work at once for some seconds. A request that fails stops everything: it would be fast."""
    return asyncio.run(_run(port, callers, seconds))


async def _run(port: int, callers: list[Caller], seconds: float) -> Load:
    load = Load(seconds)
    begin = perf_counter()
    await asyncio.gather(*(_call(port, caller, begin + seconds, load) for caller in callers))
    load.seconds = perf_counter() - begin
    return load


async def _call(port: int, caller: Caller, end: float, load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (begin := perf_counter()) < end:
        method, path, headers, data = caller.make()
        body = b"" if data is None else json.dumps(data).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
        lines += ["Content-Type: application/json", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        status, answer = await _answer(reader)
        load.latencies.append(perf_counter() - begin)
        if status >= 300:
            raise RuntimeError(f"{method} {path} was answered {status}: {answer[:300]!r}")
        caller.take(status, json.loads(answer) if answer.startswith(b"{") else {})
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")
    )
    return int(head.split(b" ", 2)[1]), await reader.readexactly(length)

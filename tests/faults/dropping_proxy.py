"""A proxy that passes each request on, and drops every third answer: the client cannot know whether it was carried out."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

EVERY = 3


@contextmanager
def dropping_proxy(port: int) -> Iterator[int]:
    """A proxy before a server on this machine; its port."""
    loop = asyncio.new_event_loop()
    count = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            while request := await _message(reader):
                back.write(request)
                answer = await _message(there)
                count += 1
                if count % EVERY == 0:
                    break
                writer.write(answer)
                await writer.drain()
        finally:
            back.close()
            writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(_stop, loop)
        thread.join()
        loop.run_until_complete(_end(server))
        loop.close()


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_soon(loop.stop)


async def _end(server: asyncio.Server) -> None:
    server.close()
    await asyncio.sleep(0)


async def _message(reader: asyncio.StreamReader) -> bytes:
    """One request or answer, whole; nothing at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""
    lines = head.lower().split(b"\r\n")
    length = next((int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length")), 0)
    return head + await reader.readexactly(length)

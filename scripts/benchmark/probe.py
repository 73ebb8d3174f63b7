"""A probe during an overload: a few signatures a second, each over a new connection, as a person would sign.

It runs in its own process, so that the harness does not delay it. It prints one line of JSON at the end of a request.
"""

import asyncio
import json
import sys
import time
from typing import Final

import uvloop

PATIENCE_SECONDS: Final = 10.0


async def ask(port: int, path: str, body: str) -> dict[str, object]:
    """Sign once; returns the status (0: broken, or no answer in time), the duration, and facts of the answer."""
    begun = time.monotonic()
    found: dict[str, object] = {"at": begun, "status": 0, "retry_after": False, "bytes": 0}
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            head, content = await _exchange(port, path, body)
        found["status"] = int(head.split(b" ", 2)[1])
        found["retry_after"] = b"\r\nretry-after:" in head.lower()
        found["bytes"] = len(content)
    except (OSError, TimeoutError, ValueError, IndexError, asyncio.IncompleteReadError) as error:
        found["error"] = type(error).__name__
    found["seconds"] = time.monotonic() - begun
    return found


async def _exchange(port: int, path: str, body: str) -> tuple[bytes, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n"
            "Accept: text/html\r\nAccept-Encoding: gzip, br\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        return head, await reader.read()
    finally:
        writer.close()


async def probe(port: int, path: str, body: str, mark: str, rate: float, seconds: float) -> None:
    """Send requests at a steady rate, whether answers come or not."""
    begun, tasks = time.monotonic(), set()

    async def one(number: int) -> None:
        address = f"{mark}n{number:06d}@voorbeeld.example"
        found = await ask(port, path, body.replace("@EMAIL@", address.replace("@", "%40")))
        print(json.dumps(found | {"email": address}), flush=True)  # noqa: T201 - read by the case

    for number in range(round(rate * seconds)):
        await asyncio.sleep(max(0.0, begun + number / rate - time.monotonic()))
        task = asyncio.create_task(one(number))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    if tasks:
        await asyncio.wait(tasks, timeout=PATIENCE_SECONDS + 1)


if __name__ == "__main__":
    given = sys.argv[1:]
    uvloop.run(probe(int(given[0]), given[1], given[2], given[3], float(given[4]), float(given[5])))

"""The upstream of the measurements: `python -m bench.upstream PORT [CERTIFICATE KEY]`.

`/NAME/MS/v1/…` answers as the Realtime API does, after MS milliseconds, and `/dynamodb/MS/` as DynamoDB does for a
transaction. `GET /NAME` returns the number of NAME's
connections, and the seconds that each of its requests took here, from its first line to the last byte of the response.
"""

import asyncio
import json
import ssl
import sys
import time
from collections import defaultdict

ANSWER = "\r\n".join(
    [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE 0 1",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        *(f"a=candidate:{n} 1 udp 2130706431 192.0.2.{n} 3478 typ host" for n in range(1, 25)),
        "a=mid:0",
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "a=mid:1",
        "",
    ]
)
SESSION = {"id": "sess_1", "object": "realtime.session", "type": "realtime", "instructions": "Speak briefly. " * 100}
SECRET = json.dumps({"value": "ek_local_bench", "expires_at": 1, "session": SESSION})

durations: defaultdict[str, list[float]] = defaultdict(list)
connections: defaultdict[str, set[object]] = defaultdict(set)


async def handle_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection until the client closes it."""
    try:
        while line := await reader.readline():
            start = time.perf_counter()
            method, path, _ = line.decode().split(" ")
            headers = await _read_headers(reader)
            if "expect" in headers:
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            await _read_body(reader, headers)
            writer.write(await _answer(method, path, writer))
            await writer.drain()
            if method == "POST":
                durations[_name(path)].append(time.perf_counter() - start)
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _read_headers(reader: asyncio.StreamReader) -> dict[str, str]:
    headers = {}
    while (line := await reader.readline()).strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return headers


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> None:
    if headers.get("transfer-encoding") != "chunked":
        await reader.readexactly(int(headers.get("content-length", 0)))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


async def _answer(method: str, path: str, writer: asyncio.StreamWriter) -> bytes:
    name = _name(path)
    if method == "GET":
        return _response("200 OK", "application/json", json.dumps([len(connections[name]), durations[name]]))
    connections[name].add(writer)  # the reference keeps its id from being reused by another connection's writer
    if milliseconds := int(path.split("/")[2]):
        await asyncio.sleep(milliseconds / 1000)
    if name == "dynamodb":
        return _response("200 OK", "application/x-amz-json-1.0", "{}")
    if path.endswith("/client_secrets"):
        return _response("200 OK", "application/json", SECRET)
    return _response("201 Created", "application/sdp", ANSWER, "Location: /v1/realtime/calls/rtc_1\r\n")


def _name(path: str) -> str:
    return path.split("/")[1]


def _response(status: str, media_type: str, body: str, headers: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
    return (head + body).encode()


async def serve(port: int, files: list[str]) -> None:
    """Serve until the process is ended.

    Args:
        port: a port on 127.0.0.1.
        files: certificate and key; empty for plain HTTP.
    """
    context = None
    if files:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*files)
    server = await asyncio.start_server(handle_connection, "127.0.0.1", port, ssl=context)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2:]))

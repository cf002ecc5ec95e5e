"""The hostile server: a process of its own, so that descriptors, memory and threads of the attacked one are its own.

Run as `python -m tests.attack.server <certificate> <key>`. It prints its two ports (plain, TLS) and then takes one
JSON command a line: `{"seed": 1, "service": "lusid", "spoil": [0]}` begins a trial, `{}` ends it and is answered with
what was asked and what was sent.
"""

from __future__ import annotations

import asyncio
import json
import random
import ssl
import sys
from typing import Any

from tests.attack.good import SERVICES
from tests.attack.hostile import drawn
from tests.attack.planted import OUTSIDE
from tests.attack.wire import Parser, Reply, Request, answer

#: Seconds between two drops of a drip.
DRIP = 0.02
#: Drops of a drip at most, so that a client that never gives up does at last.
DROPS = 5000


class Trial:
    """What is served until the next command."""

    def __init__(self, command: dict[str, Any], origin: str) -> None:
        self.seed = command["seed"]
        self.spoil: list[int] | str = command["spoil"]
        self.service = SERVICES[command["service"]](origin)
        self.requests: list[tuple[str, str]] = []
        self.kinds: list[str] = []
        self.delay: float = command["delay"]
        self.only: str | None = command["only"]
        self.outside = False

    def reply(self, request: Request) -> Reply:
        number = len(self.requests)
        self.outside = self.outside or OUTSIDE[:30] in request.body
        self.requests.append((request.method, request.target[:300]))
        try:
            reply: Reply = self.service.reply(request)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            reply = answer({"error": "no such request"}, 400)
        if self.spoil == "all" or number in self.spoil:
            rng = random.Random(f"{self.seed}/{number}")
            spoiler = drawn(rng, self.only)
            self.kinds.append(spoiler.kind)
            spoiler.spoil(rng, reply, request, self.service)
        else:
            self.kinds.append("good")
        return reply

    def told(self) -> dict[str, Any]:
        """Return what is to be told of the trial."""
        return {"requests": self.requests, "kinds": self.kinds, "outside": self.outside}


class Server:
    """The listening sockets and the connections that are open."""

    def __init__(self) -> None:
        self.trial: Trial | None = None
        self.connections: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.add(writer)
        parser = Parser()
        try:
            while data := await reader.read(1 << 20):
                for request in parser.feed(data):
                    if not await self._answer(request, reader, writer):
                        return
        except (OSError, ValueError, ssl.SSLError):
            return
        finally:
            self.connections.discard(writer)
            writer.close()

    async def _answer(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        trial = self.trial
        if trial is None:
            return False
        reply = trial.reply(request)
        if trial.delay:
            await asyncio.sleep(trial.delay)
        for piece in reply.render(request.method):
            if isinstance(piece, bytes):
                writer.write(piece)
                await writer.drain()
            else:
                await asyncio.sleep(piece)
        if reply.endless is not None:
            for _ in range(DROPS):
                if self.trial is not trial or writer.is_closing() or reader.at_eof():
                    return False
                if reply.endless:
                    writer.write(reply.endless)
                    await writer.drain()
                await asyncio.sleep(DRIP)
            return False
        if reply.ending == "reset":
            writer.transport.abort()
        return reply.ending == "keep"

    async def run(self, certificate: str, key: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        plain = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        tls = await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=context)
        ports = [server.sockets[0].getsockname()[1] for server in (plain, tls)]
        print(json.dumps(ports), flush=True)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)
        commands = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        told: dict[str, Any]
        while line := await commands.readline():
            command = json.loads(line)
            if command:
                scheme, port = ("https", ports[1]) if command["tls"] else ("http", ports[0])
                self.trial, told = Trial(command, f"{scheme}://127.0.0.1:{port}"), {}
            else:
                told = {} if self.trial is None else self.trial.told()
                # What a closed client has left is seen here a moment later, and within bounds.
                for turn in range(2000):
                    if not self.connections:
                        break
                    await asyncio.sleep(min(0.01, turn / 1000))
                told["open"] = len(self.connections)
                for writer in list(self.connections):
                    writer.transport.abort()
                self.trial = None
            print(json.dumps(told), flush=True)


if __name__ == "__main__":
    asyncio.run(Server().run(*sys.argv[1:3]))

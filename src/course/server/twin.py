# SPDX-License-Identifier: GPL-2.0-only
"""An echo server for 4 clients: a process each, a thread each, and one loop (asyncio)."""

import asyncio
import multiprocessing
import os
import socket
import socketserver
import sys
import time

import truth

CLIENTS, REQUESTS = 4, 10


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1):
            self.request.sendall(data)


def serve_with(kind):
    def serve(listening):
        with kind(None, Echo, bind_and_activate=False) as server:
            server.socket.close()
            server.socket = listening
            for _ in range(CLIENTS):
                server.handle_request()
    return serve


class Forking(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    pass


class Threading(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    pass


def serve_looping(listening):
    async def run():
        gone = asyncio.Semaphore(0)

        async def echo(reader, writer):
            while data := await reader.read(1):
                writer.write(data)
            writer.close()
            gone.release()

        async with await asyncio.start_unix_server(echo, sock=listening):
            for _ in range(CLIENTS):
                await gone.acquire()

    asyncio.run(run())


def use(address, think):
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(address)
        for number in range(REQUESTS):
            server.sendall(bytes([number]))
            if server.recv(1) != bytes([number]):
                sys.exit(1)
            time.sleep(think)


def run(serve):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"\0python-server-{os.getpid()}-{serve.__name__}-{id(serve)}")
        listening.listen(CLIENTS)
        server = multiprocessing.Process(target=serve, args=(listening,))
        server.start()
        clients = [multiprocessing.Process(target=use, args=(listening.getsockname(), 0.005 + number / 1000))
                   for number in range(CLIENTS)]
        for child in clients:
            child.start()
        for child in (*clients, server):
            child.join()
    return {"pid": server.pid, "clients": [client.pid for client in clients],
            "good": sum(client.exitcode == 0 for client in clients)}


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    truth.tell(forking=run(serve_with(Forking)), threading=run(serve_with(Threading)), looping=run(serve_looping))

"""Serves the files of a folder over HTTP as the first part of the path tells it to: /plain/a/b.csv serves a/b.csv well.

usage: bad_server.py FOLDER LOG. Prints its port and serves while its parent lives. LOG gets a line a request:
the path and the range asked for.
"""
import http.server
import os
import pathlib
import sys
import threading
import time

folder, log = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
parent = os.getppid()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        asked = self.headers.get("Range", "")
        with log.open("a") as lines:
            lines.write(f"{self.path} {asked}".strip() + "\n")
        _, mode, path = self.path.split("/", 2)
        file = folder / path
        if mode == "missing" or not file.is_file():
            return self.send_error(404)
        if mode == "redirect":
            self.send_response(302)
            self.send_header("Location", f"/plain/{path}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        if mode == "silent":
            return time.sleep(20)
        self.send(mode, file.read_bytes(), asked)

    def send(self, mode, body, asked):
        if mode == "wrong":
            body = body[:-1] + bytes([body[-1] ^ 1])
        if mode == "long":
            body += b"more"
        first = int(asked.removeprefix("bytes=").rstrip("-")) if asked and mode != "noranges" else 0
        if first >= len(body):
            return self.send_error(416)
        self.send_response(206 if first else 200)
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - first))
        self.end_headers()
        if mode in ("truncate", "stall"):
            self.wfile.write(body[first:(first + len(body)) // 2])
            self.wfile.flush()
            if mode == "stall":
                time.sleep(20)
        else:
            self.wfile.write(body[first:])


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):  # the client hangs up on a server that stalls
        pass


server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
while os.getppid() == parent:
    time.sleep(0.2)

#!/usr/bin/env python3
"""Holds the functions to budgets.toml: their zipped size, how many crates they are made of, how much they do before their first
poll of the Lambda Runtime API, and how much for a request. Instructions are counted instead of time, because a shared machine counts
them the same.

    python3 infra/benchmark/gate.py [directory]

The directory is that of `cargo lambda build` (target/lambda by default) or of `cargo build` (target/release). Needs Python 3.11,
cargo and valgrind.
"""

import collections.abc
import contextlib
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_LAMBDA_FUNCTION_NAME": "gate",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
    "AWS_LAMBDA_LOG_GROUP_NAME": "gate",
    "AWS_LAMBDA_LOG_STREAM_NAME": "gate",
    # Does not exist, so that nobody is connected to.
    "AWS_REGION": "gate",
    "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.gate.amazonaws.com",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "JWT_SECRET_KEY": "a-secret-that-signs-nothing-anywhere",
    "CORS_ORIGINS": "http://localhost:3000",
    "AWS_ENDPOINT_URL_SESV2": "https://email.gate.amazonaws.com",
    "MAIL_FROM": "nobody@example.com",
}

# Requests that are counted: what a function is asked for in its plainest event of that name.
REQUESTS = {"tasks-get": "task", "tasks-create": "created"}
WARM_UP, COUNTED = 10, 20

EVENT_HEADERS = """HTTP/1.1 200 OK\r
content-type: application/json\r
lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r
lambda-runtime-deadline-ms: {deadline}\r
lambda-runtime-invoked-function-arn: arn:aws:lambda:eu-central-1:123456789012:function:gate\r
content-length: {length}\r
\r
"""


def names() -> list[str]:
    """The binaries that the template deploys."""
    return sorted(re.findall(r"^\s+Binary: (\S+)$", (ROOT / "template.yaml").read_text(), re.MULTILINE))


def program(directory: pathlib.Path, name: str) -> pathlib.Path:
    path = directory / name
    return path / "bootstrap" if path.is_dir() else path


def zipped(path: pathlib.Path) -> int:
    # What Python's zipfile, and with it SAM, makes of it.
    compressor = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -15)
    return len(compressor.compress(path.read_bytes())) + len(compressor.flush())


def crates() -> int:
    tree = ["cargo", "tree", "--locked", "--package", "functions", "--edges", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}"]
    lines = subprocess.run(tree, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return len({line.removesuffix(" (*)") for line in lines if line})


def leaves_regions_out() -> bool:
    """Whether the template names a file that the SDK is to read instead of its table of Regions. Lambda starts without that file."""
    return re.search(r"^        SMITHY_CLIENT_SDK_CUSTOM_PARTITION: /tmp/", (ROOT / "template.yaml").read_text(), re.MULTILINE) is not None


def instructions(path: pathlib.Path, variables: dict[str, str] | None = None, event: bytes = b"", requests: int = 0) -> int:
    """Instructions until the program has answered that many events and asked the Runtime API for the next."""
    with socket.create_server(("127.0.0.1", 0)) as api, tempfile.TemporaryDirectory() as directory:
        api.settimeout(60)
        environment = ENVIRONMENT | (variables or {}) | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}"}
        if leaves_regions_out():
            environment["SMITHY_CLIENT_SDK_CUSTOM_PARTITION"] = f"{directory}/regions.json"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", str(path)]
        process = subprocess.Popen(valgrind, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            serve(api, event, requests, str(path))
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    counted = re.search(r"Collected : (\d+)", said)
    if not counted:
        sys.exit(f"valgrind counted nothing for {path}:\n{said}")
    return int(counted[1])


def serve(api: socket.socket, event: bytes, requests: int, name: str) -> None:
    """Is the Runtime API, which the program keeps one connection to, until it has answered that often and asks again."""
    connection, _ = api.accept()
    connection.settimeout(60)
    incoming = connection.makefile("rb")
    while True:
        line, length = incoming.readline(), 0
        while header := incoming.readline().strip():
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        body = incoming.read(length)
        if b"/response " in line and json.loads(body)["statusCode"] < 300:
            connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n")
        elif b"/invocation/next" not in line:
            sys.exit(f"{name} did not ask the Runtime API for an event or answered one otherwise than expected: {line!r} {body!r}")
        elif requests == 0:
            return
        else:
            requests -= 1
            deadline = int((time.time() + 60) * 1000)
            connection.sendall(EVENT_HEADERS.format(deadline=deadline, length=len(event)).encode() + event)


@contextlib.contextmanager
def store() -> collections.abc.Iterator[dict[str, str]]:
    """The local stack with the demo account, and the environment of a function that uses it."""
    command = ["cargo", "run", "--quiet", "--locked", "--", "--port", "0", "--dynamodb-port", "0", "--data", ":memory:"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = iter(process.stdout.readline, "")
            address = next(match[1] for line in lines if (match := re.match(r"DynamoDB +(\S+)", line)))
            next(line for line in lines if line.startswith("ready "))
            local = (ROOT / "infra/local.env").read_text().splitlines()
            variables = dict(line.split("=", 1) for line in local if "=" in line and not line.startswith("#"))
            yield variables | {"AWS_ENDPOINT_URL_DYNAMODB": address}
        finally:
            process.terminate()


def instructions_of_a_request(path: pathlib.Path, name: str, variables: dict[str, str]) -> int:
    """Instructions of a request to a warm function: what more of them add, divided by how many."""
    event = (ROOT / "events" / name / f"{REQUESTS[name]}.json").read_bytes()
    few, many = (instructions(path, variables, event, requests) for requests in (WARM_UP, WARM_UP + COUNTED))
    return (many - few) // COUNTED


def main() -> None:
    budgets = tomllib.loads((ROOT / "infra/benchmark/budgets.toml").read_text())
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target/lambda"
    too_much = []

    def hold(what: str, measured: int, budget: int) -> None:
        if measured > budget:
            too_much.append(f"{what}: {measured:,}, and the budget is {budget:,}")

    count = crates()
    hold("crates", count, budgets["dependencies"]["crates"])
    print(f"{count} crates")
    for name in names():
        path = program(directory, name)
        size, steps = zipped(path), instructions(path)
        print(f"{name:32} {size:>12,} bytes zipped {steps:>12,} instructions to the first poll")
        hold(f"{name}, bytes zipped", size, budgets["size"].get(name, budgets["size"]["default"]))
        hold(f"{name}, instructions", steps, budgets["instructions"].get(name, budgets["instructions"]["default"]))
    with store() as variables:
        for name in REQUESTS:
            steps = instructions_of_a_request(program(directory, name), name, variables)
            print(f"{name:32} {steps:>12,} instructions a request")
            hold(f"{name}, instructions a request", steps, budgets["requests"][name])
    if too_much:
        sys.exit("Over budget (infra/benchmark/budgets.toml):\n" + "\n".join(too_much))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds the functions to budgets.toml: their zipped size, how many crates they are made of, and how much they do before their
first poll of the Lambda Runtime API. Instructions are counted instead of time, because a shared machine counts them the same.

    python3 infra/benchmark/gate.py [directory]

The directory is that of `cargo lambda build` (target/lambda by default) or of `cargo build` (target/release). Needs Python 3.11,
cargo and valgrind.
"""

import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
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
}


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


def instructions(path: pathlib.Path) -> int:
    """Instructions until the program has sent its first request to the Runtime API."""
    with socket.create_server(("127.0.0.1", 0)) as api, tempfile.TemporaryDirectory() as directory:
        api.settimeout(60)
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={directory}/out", str(path)]
        environment = ENVIRONMENT | {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.getsockname()[1]}"}
        process = subprocess.Popen(valgrind, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            connection, _ = api.accept()
            connection.settimeout(60)
            if b"/invocation/next" not in connection.recv(4096):
                sys.exit(f"{path} asked the Runtime API for something else than an event")
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
    counted = re.search(r"Collected : (\d+)", said)
    if not counted:
        sys.exit(f"valgrind counted nothing for {path}:\n{said}")
    return int(counted[1])


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
        hold(f"{name}, bytes zipped", size, budgets["size"]["zipped"])
        hold(f"{name}, instructions", steps, budgets["instructions"].get(name, budgets["instructions"]["default"]))
    if too_much:
        sys.exit("Over budget (infra/benchmark/budgets.toml):\n" + "\n".join(too_much))


if __name__ == "__main__":
    main()

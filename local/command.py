"""The command `python -m local`: reads the environment, starts the stack, prints its URLs."""

import os
import socket
import sys
import time
from collections.abc import Mapping
from ipaddress import AddressValueError, IPv4Address
from itertools import combinations
from typing import NoReturn

from local.intrinsics import InvalidTemplate
from local.ports import HOST, PortInUse
from local.stack import OPENAI, Stack, serve
from local.upstream import StandInEnded
from local.variables import given_parameters, variable

# isort: split
from realtime.errors import Misconfigured  # after local.page, which adds the layer's folder to sys.path

PORTS = {"PORT": 8000, "UPSTREAM_PORT": 8001, "MOTO_PORT": 5000}
"""The default ports by the variables that replace them."""

QUIET = {"POWERTOOLS_LOG_LEVEL": "WARNING", "POWERTOOLS_METRICS_DISABLED": "true"}
"""Turns off the functions' info logs and metrics: the one line for each request is enough for a developer."""


def run() -> None:
    """Serve until the process is ended by a signal; exits with a message if the stack cannot start or fails."""
    try:
        _serve()
    except (InvalidTemplate, Misconfigured, PortInUse, StandInEnded, TimeoutError) as failed:
        sys.exit(f"realtime-serverless: {failed}")


def _serve() -> NoReturn:
    _forget_aws_variables()
    _check_media_address()
    key = os.environ.get("OPENAI_API_KEY")
    ports = _ports(with_key=bool(key))
    with serve(
        port=ports["PORT"],
        upstream_port=ports.get("UPSTREAM_PORT", 0),
        moto_port=ports["MOTO_PORT"],
        parameters=_parameters(ports["PORT"], with_key=bool(key)),
        base_url=(os.environ.get("OPENAI_BASE_URL") or OPENAI) if key else None,
        api_key=key,
        environment=_functions_environment(),
        hosts=[host for host in os.environ.get("HOSTS", "").split(",") if host],
        log=lambda line: print(line, flush=True),
    ) as stack:
        print(_welcome(stack, given_parameters(os.environ, with_key=bool(key))), flush=True)
        while True:
            time.sleep(0.2)
            stack.check()


def _functions_environment() -> dict[str, str]:
    """Pass on what a developer sets for the functions.

    HTTP_PROXY is not passed on: all that the functions call by plain HTTP is on this machine.
    """
    passed = {name: value for name, value in os.environ.items() if name.startswith("POWERTOOLS_")}
    proxies = {name: os.environ[name] for name in ("HTTPS_PROXY", "NO_PROXY") if name in os.environ}
    return {**QUIET, **passed, **proxies}


def _forget_aws_variables() -> None:
    """Keep the developer's profile and credentials away from the services of this machine."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]


def _ports(*, with_key: bool) -> dict[str, int]:
    """Read the ports by their variables; with a key there is no stand-in, which would need UPSTREAM_PORT."""
    defaults = {name: default for name, default in PORTS.items() if not (with_key and name == "UPSTREAM_PORT")}
    ports = {name: _port(name, default) for name, default in defaults.items()}
    for first, second in combinations(ports, 2):
        if ports[first] == ports[second]:
            default = second if os.environ.get(first) else first  # a port that was set is probably wanted
            sys.exit(
                f"realtime-serverless: {first} and {second} are both {ports[first]}: set {default} to another port"
            )
    return ports


def _port(variable: str, default: int) -> int:
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 65536):
        sys.exit(f"realtime-serverless: {variable} is {text!r}: set it to a port, 1 to 65535")
    return int(text)


def _check_media_address() -> None:
    """Check the address at which the stand-in, which inherits the variable, accepts calls."""
    address = os.environ.get("MEDIA_ADDRESS") or HOST
    if not _is_of_this_machine(address):
        sys.exit(f"realtime-serverless: MEDIA_ADDRESS is {address!r}: set it to an IPv4 address of this machine")


def _is_of_this_machine(text: str) -> bool:
    """Tell whether packets to this address arrive on this machine alone."""
    try:
        address = IPv4Address(text)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((text, 0))
            probe.connect(probe.getsockname())  # fails for a broadcast address
    except (AddressValueError, OSError):
        return False
    return not (address.is_unspecified or address.is_multicast)


def _parameters(port: int, *, with_key: bool) -> dict[str, str]:
    given = given_parameters(os.environ, with_key=with_key)
    if given.get("Access") == "signed-in" and not given.keys() >= {"Issuer", "Audience"}:
        sys.exit("realtime-serverless: ACCESS=signed-in needs an ISSUER and an AUDIENCE: there is no user pool here")
    # With * any web page that the developer visits could mint a key at the developer's cost.
    origins = {"AllowedOrigins": f"http://127.0.0.1:{port},http://localhost:{port}"} if with_key else {}
    return {**origins, **given}


def _welcome(stack: Stack, given: Mapping[str, str]) -> str:
    upstream = f"{stack.base_url}  (a stand-in: no key, no cost)"
    if not stack.stand_in:
        upstream = f"{stack.base_url}  YOUR OWN KEY: EVERY CALL COSTS MONEY"
    # A variable may be there for another program.
    variables = f"\n  Variables {', '.join(variable(name) for name in given)}" if given else ""
    return f"""
  Page      {stack.url}
  Routes    {", ".join(stack.route_keys)}
  Upstream  {upstream}
  Secrets   {stack.aws["AWS_ENDPOINT_URL"]}  (Secrets Manager, by moto){variables}

Open the page, allow the microphone, press Connect and speak. Ctrl-C ends it all.
"""

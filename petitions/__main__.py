"""The commands: ``python -m petitions COMMAND``. ``start`` runs all of them for a demonstration."""

import argparse
import asyncio
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from petitions import settings as environment
from petitions.errors import ConfigurationError, PetitionsError
from petitions.locale import LANGUAGES

MOST_CONNECTIONS = 8192
"""Connections of one web process: most of them idle browsers."""


def serve(_: list[str]) -> None:
    """Serve the web pages."""
    settings = environment.read()
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.server import Server

    _allow_many_connections()
    Server(
        "petitions.app:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
        workers_kill_timeout=20,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
    ).serve()


def _allow_many_connections() -> None:
    """Raise the limit of open files: excess connections get a 503 from us instead of waiting in the system's queue."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + 1024
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


def work(_: list[str]) -> None:
    """Run the worker: deliver mail, close petitions, send reminders, erase personal data."""
    import uvloop

    from petitions.commands import run_worker

    uvloop.run(run_worker(environment.read()))


def migrate(_: list[str]) -> None:
    """Migrate the database to the schema of this software, and load procedures and committees."""
    from petitions.commands import run_migrations

    for name in asyncio.run(run_migrations(environment.read())):
        print(f"applied {name}")  # noqa: T201 - a command speaks to its operator


def check(_: list[str]) -> None:
    """Recount every petition from its rows; exit with 1 when a counter, a tally or a crossing is wrong."""
    from petitions.commands import run_check

    problems = asyncio.run(run_check(environment.read()))
    for line in problems:
        print(line)  # noqa: T201
    print("all counts are right" if not problems else f"{len(problems)} problems")  # noqa: T201
    sys.exit(1 if problems else 0)


def demo(_: list[str]) -> None:
    """Fill an empty database with the content of the demonstration."""
    settings = environment.read()
    from petitions.commands import run_demo

    print(asyncio.run(run_demo(settings, datetime.now(UTC))))  # noqa: T201


def staff(arguments: list[str]) -> None:
    """Add a member of staff: ``staff EMAIL NAME [--moderator] [--administrator] [--committee SLUG ...]``."""
    parser = argparse.ArgumentParser(prog="petitions staff")
    parser.add_argument("email")
    parser.add_argument("name")
    parser.add_argument("--moderator", action="store_true")
    parser.add_argument("--administrator", action="store_true")
    parser.add_argument("--committee", action="append", default=[])
    parser.add_argument("--language", choices=tuple(LANGUAGES), default="nl")
    given = parser.parse_args(arguments)
    from petitions.commands import run_staff

    asyncio.run(run_staff(environment.read(), given))


def import_tweede_kamer(arguments: list[str]) -> None:
    """Import motions and votes: ``import-tweede-kamer --from FOLDER|https://... [--petition ID --case NUMBER ...]``."""
    parser = argparse.ArgumentParser(prog="petitions import-tweede-kamer")
    parser.add_argument(
        "--from", dest="origin", required=True, help="a folder with recorded answers, or an https address"
    )
    parser.add_argument("--petition", type=int, help="only the cases of this petition")
    parser.add_argument("--case", action="append", default=[], help="a case of that petition, for example 2026Z04711")
    parser.add_argument("--members", action="store_true", help="also who sits in the House (from an address)")
    given = parser.parse_args(arguments)
    from petitions.commands import run_import

    report = asyncio.run(run_import(environment.read(), given))
    for line in report.lines:
        print(line)  # noqa: T201
    sys.exit(1 if report.skipped else 0)


def people(_: list[str]) -> None:
    """List the members of staff, with addresses and roles."""
    from petitions.commands import run_people

    for line in asyncio.run(run_people(environment.read())):
        print(line)  # noqa: T201


def procedures(_: list[str]) -> None:
    """List the loaded procedures, with the obstacle to opening a petition under each where there is one."""
    from petitions.lifecycle.procedure_files import load_procedures
    from petitions.lifecycle.rules.thresholds import can_open

    for (code, version), procedure in load_procedures().items():
        obstacle = can_open(procedure)
        print(f"{code} v{version}  {procedure.name.en}" + (f"  ({obstacle})" if obstacle else ""))  # noqa: T201


def mailbox(_: list[str]) -> None:
    """Catch mail on the loopback address, for the demonstration."""
    from petitions.mailbox.catcher import catch

    data_dir = Path(os.environ.get("DATA_DIR") or environment.ROOT / "var").resolve()
    asyncio.run(catch(data_dir / "mailbox", int(os.environ.get("MAILBOX_PORT", "1025"))))


def start(_: list[str]) -> None:
    """Run everything: database, migrations, demo content, web, worker and mail catcher, until Ctrl-C."""
    from petitions.supervisor import supervise

    sys.exit(supervise(dict(os.environ)))


def embedded(arguments: list[str]) -> None:
    """Run a command with an embedded PostgreSQL: ``embedded FOLDER COMMAND ...`` (DATABASE_URL is set for it)."""
    from petitions.database.embedded import running

    folder, command = Path(arguments[0]).resolve(), arguments[1:]
    with running(folder, lambda text: print(text, file=sys.stderr)) as url:  # noqa: T201
        result = subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False)  # noqa: S603
    sys.exit(result.returncode)


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    command.__name__.replace("_", "-"): command
    for command in (
        serve,
        work,
        migrate,
        check,
        demo,
        staff,
        people,
        procedures,
        import_tweede_kamer,
        mailbox,
        start,
        embedded,
    )
}


def main() -> None:
    """Run the given command; a refusal is printed as one line, without a traceback."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    if name not in COMMANDS:
        lines = (f"  {key:<20} {(command.__doc__ or '').splitlines()[0]}" for key, command in COMMANDS.items())
        sys.exit("python -m petitions COMMAND\n\n" + "\n".join(lines))
    try:
        COMMANDS[name](sys.argv[2:])
    except ConfigurationError as error:
        sys.exit(f"petitions: {error}")
    except PetitionsError as error:
        sys.exit(f"petitions: {error.code}: {error}")


if __name__ == "__main__":
    main()

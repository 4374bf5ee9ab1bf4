"""Start both servers, hand out their addresses, stop both whatever happens."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from config.embedded import Addresses, addresses, run_dir
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey


@contextmanager
def running(data: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> Iterator[Addresses]:
    """Real PostgreSQL and Valkey (or one of them) on `data` for the time of the block.

    `durable=False` gives up fsync, for throw-away test data only. Start from the main thread: the
    servers' death signal follows the thread that started them.
    """
    sockets = run_dir(data)
    data.mkdir(parents=True, exist_ok=True)
    sockets.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        servers: list[Postgres | Valkey] = []
        if postgres:
            servers.append(Postgres(data, sockets, durable=durable))
        if valkey:
            servers.append(Valkey(data, sockets))
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield addresses(data)

"""What was worked out once and may be needed again: values by key, in one SQLite file.

Any number of processes read and write it at once. A process that is killed loses what it had not
put yet, and nothing else. The file grows to a size that is given; then what has not been asked for
longest goes. Nothing depends on what is in it: where it cannot be read or written, one line says
so, and the work goes on without it.

It knows nothing of what it keeps; :mod:`pipeline.cached` does.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from pipeline.errors import UsageError

FOLDER = "BROADSHEET_CACHE"  # environment: the folder, or OFF
SIZE = "BROADSHEET_CACHE_MB"  # environment: how much it may hold
OFF = "off"
FILE = "vectors-2.sqlite"  # the number is that of the tables below
MEBIBYTES = 2048
PATIENCE = 60.0  # seconds that another process is waited for
AT_ONCE = 500  # keys a query; SQLite takes 32,766
FRESH = 3600  # seconds for which it is not noted again that an entry was asked for
ROOM = 0.9  # of the size is kept when entries have to go, so that they do not go one by one
OVERHEAD = 128  # bytes that an entry takes beside its value, about

LOG = 64 << 20  # bytes of SQLite's log that stay on the disk beside the file
# What is asked of many entries stands before the value, which may run over many pages of the file.
TABLES = """
CREATE TABLE IF NOT EXISTS entries (
  key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL, crc INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS by_use ON entries (used, size);
"""
# The entries asked for longest ago that together make up what there is too much of.
EVICT = """
DELETE FROM entries WHERE rowid IN (
  SELECT rowid FROM (
    SELECT rowid, size, SUM(size) OVER (ORDER BY used, rowid) AS gone FROM entries
  ) WHERE gone - size < ?
)
"""


class Cache:
    """Values by key.

    :param path: the file, made when first needed; on a disk of this machine, since SQLite's log
        does not work across a network.
    :param most: bytes that the file may hold.
    """

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.most = most
        self._connection: sqlite3.Connection | None = None
        self._given_up = False

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values of the keys that are known, but for those that are damaged."""
        found: dict[bytes, bytes] = {}
        connection = self._open()
        if connection is None:
            return found
        try:
            for start in range(0, len(keys), AT_ONCE):
                some = keys[start : start + AT_ONCE]
                places = ",".join("?" * len(some))
                rows = connection.execute(
                    f"SELECT key, used, crc, value FROM entries WHERE key IN ({places})", some
                ).fetchall()
                found.update(
                    (bytes(key), bytes(value))
                    for key, _, crc, value in rows
                    if zlib.crc32(value) == crc
                )
                now = int(time.time())
                self._note(connection, [key for key, used, *_ in rows if used < now - FRESH], now)
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values: all of them or, if this process is killed, none."""
        connection = self._open()
        if connection is None or not values:
            return
        now = int(time.time())
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)",
                    [
                        (key, now, len(value) + OVERHEAD, zlib.crc32(value), value)
                        for key, value in values.items()
                    ],
                )
                excess = self._held(connection) - self.most
                if excess > 0:
                    much = excess + int(self.most * (1 - ROOM))
                    connection.execute(EVICT, (much,))
            if excess > 0:
                connection.executescript("PRAGMA incremental_vacuum")  # execute() frees one page
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Let go of the file; it is opened again when needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @staticmethod
    def _note(connection: sqlite3.Connection, keys: Sequence[bytes], now: int) -> None:
        """Note that entries were asked for, unless others write for too long."""
        with contextlib.suppress(sqlite3.OperationalError), connection:
            connection.executemany(
                "UPDATE entries SET used = ? WHERE key = ?", [(now, key) for key in keys]
            )

    @staticmethod
    def _held(connection: sqlite3.Connection) -> int:
        (pages,), (free,), (size,) = (
            connection.execute(f"PRAGMA {name}").fetchone()
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int(pages - free) * int(size)

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._given_up:
            try:
                self._connection = self._opened()
            except (sqlite3.Error, OSError, Timeout) as error:
                self._give_up(error)
        return self._connection

    def _opened(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock", timeout=PATIENCE):  # SQLite changes its log unguarded
            connection = sqlite3.connect(self.path, timeout=PATIENCE)
            try:
                for setting in (
                    *("auto_vacuum = incremental", "journal_mode = wal", "synchronous = normal"),
                    f"journal_size_limit = {LOG}",
                ):
                    connection.execute(f"PRAGMA {setting}").fetchall()
                connection.executescript(TABLES)
            except BaseException:
                connection.close()
                raise
        return connection

    def _give_up(self, error: Exception) -> None:
        self._given_up = True
        sys.stderr.write(
            f"cache: {self.path}: {error}; going on without it (remove it if this stays so)\n"
        )
        self.close()


def open_cache() -> Cache | None:
    """Return the cache that the environment names, by default in the user's cache folder.

    :returns: none where it is switched off.
    :raises UsageError: its size is no number.
    """
    folder = os.environ.get(FOLDER, "")
    if folder.lower() == OFF:
        return None
    size = os.environ.get(SIZE, str(MEBIBYTES))
    if not size.isdecimal() or not int(size):
        raise UsageError(f"{SIZE}={size}: give it in MiB, or set {FOLDER}={OFF}")
    own = Path(folder) if folder else user_cache_path("broadsheet", appauthor=False)
    return Cache(own / FILE, int(size) << 20)

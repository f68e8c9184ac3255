"""The store: one RocksDB per partition of `register.facts`. This page is its contract with stages and scans.

**One batch, one write.** Everything that follows from a batch (rows, copies, commands, holdings, answers) and the new
position of its topic are one `Write`, hence one WriteBatch: after a crash they are all there or none is, and the
position says which. Doing a batch again changes nothing.

**The position is the truth.** A stage opens the stores of its partitions in `positions(assigned)`, answers with
`store.position(topic)` (None: a new store, so 0), and the transport checks that against the log. A store of another
version is refused with StoreVersionError; the stage deletes it and starts at 0, which is recovery.

**One owner.** RocksDB's lock makes a second opening fail; read-only opening is for tools while no worker runs.

**Scans.** A scan sees the store as it was when the scan was made, whatever is written later. It is cut in chunks, each
of whole NIK; between two chunks it can be cancelled. A live scan keeps the lock after `close()`, therefore on revoke,
in this order:

1. stop the slices: no duty of the partition begins another chunk (the one in hand ends);
2. drop the iterators: `close()` cancels every scan and waits for the chunk in hand; later chunks raise
   ScanCancelledError;
3. close.

**Threads.** Calls release the GIL in RocksDB; callers run them in threads. Writes of one store take turns. `close` may
come from any thread and waits for writes and chunks in hand; what is called after it raises StoreClosedError.
"""

from agents.store.errors import ScanCancelledError, StoreClosedError, StoreVersionError
from agents.store.facts import Applied, FactBatch
from agents.store.partition import PartitionStore
from agents.store.scans import CopyChunk, FactChunk, Scan
from agents.store.writing import NotedCommand, Write

__all__ = [
    "Applied",
    "CopyChunk",
    "FactBatch",
    "FactChunk",
    "NotedCommand",
    "PartitionStore",
    "Scan",
    "ScanCancelledError",
    "StoreClosedError",
    "StoreVersionError",
    "Write",
]

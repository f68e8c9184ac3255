"""Between Kafka and columns: whole batches in (`app`, `log`) and out (`sender`). This page is the contract.

**In.** A stage is `create_app` + `batches(app, topics, handler)` + `run(app)`, one process. `handler(records)` gets
each fetched batch of a partition in the order of its offsets, read committed, and partitions beside each other; when
it has returned, the batch counts as done. A batch may hold no record (a transaction marker): its `next_offset` counts
all the same. Delivery is at least once: after a crash, what was not done comes again, cut into batches differently.

**Where to start.** `positions(assigned)` is asked after each assignment, with all partitions that are assigned now;
without it the committed offset counts. A position outside the log ends the process, and so does a batch that starts
beyond the position (a lost batch); records below the position are left out.

**When it ends.** Before a rebalance and at a stop, the batches in hand are finished and committed, those that wait are
dropped (they come again), then `on_revoked(partitions)` is called, before anybody else can own these. Topics with one
partition count go to the same processes, partition by partition. Any exception ends the process with exit code 1, and
so does a partition that has records of which nothing is done (`watch`).

**Out.** `Sender.send` returns when all in-sync replicas have everything, or raises.
"""

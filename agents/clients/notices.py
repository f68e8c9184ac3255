"""What a payer should know before it pays: stops since the last seal, which the next one will decide."""

import polars as pl

from agents.clients.payer import current
from agents.clients.reading import KafkaSource
from agents.topics import NOTICES as TOPIC
from schemas import framing
from schemas.columnar import decode
from schemas.registry import contracts
from streams.notices import NOTICES


def open_notices(source: KafkaSource, payer: str) -> pl.DataFrame:
    """The notices about lines of a payer's list that were not withdrawn: columns NOTICES, sorted by programme, nik.

    Repeats fold by id; of each id the last record counts. What is on the list no longer was decided by a seal.
    Raises ValueError for a record that is no notice, ManifestError for a list that cannot be verified.
    """
    found = [pl.DataFrame(schema={**NOTICES, "withdrawn": pl.Boolean})]
    for values in source.everything(TOPIC):
        bodies = framing.bodies(values.starts, values.lengths)
        decoded = decode(contracts().by_name["notice"], values.arena, *bodies)
        if decoded.errors.height:
            raise ValueError(f"{decoded.errors.height} records of {TOPIC} are no notices: read them with this release")
        found.append(decoded.frame.select(list(found[0].columns)))
    told = pl.concat(found).unique("notice_id", keep="last", maintain_order=True)
    held = current(source, payer).holdings.select("nik", "programme")
    told = told.filter((pl.col("payer") == payer) & ~pl.col("withdrawn")).drop("withdrawn")
    return told.join(held, on=["nik", "programme"], how="semi").sort("programme", "nik")

"""Avro in columns: a whole batch of records to frames and back, and the bad rows by name.

Frames of a record: nested names are dotted (`content.no_kk`); a nullable record has a Boolean column of
its own name (present or not); a nullable value is null; an enum is `pl.Enum`; fixed and bytes are
`Binary`; a date is `Date`, a timestamp `Datetime("ms", "UTC")`, int `Int32`, long `Int64`. Each array is a
child frame by its dotted path (`content.anggota`): `row`, then the item's fields; items that are no
records stand in a column of the array's last name (`corrects.nik`: columns `row`, `nik`).
"""

from schemas.columnar.arena import Encoded, join
from schemas.columnar.bridge import spans_of
from schemas.columnar.decode import Decoded, decode
from schemas.columnar.encode import encode
from schemas.columnar.versions import decode_versions, writers_of

__all__ = ["Decoded", "Encoded", "decode", "decode_versions", "encode", "join", "spans_of", "writers_of"]

"""Memory and time of the simulator by number of pieces: what is held must not grow with their number.

`python -m tests.bench.bench_simulator [SCALE] [PIECES ...]`, by default `L 1 2 4`; 0 pieces means all of them, so
`M 0` is the whole of scale M. Every line is a process of its own that simulates a year of the largest kelurahan of a
scale and writes it to a file, as `dtsen simulate --scale L --kelurahan ... --out FILE` does.

Measured on two cores in November 2026: 1, 2, 4, 8 and 16 pieces of L peak at 470, 472, 481, 486 and 484 MB, in 3 to 4
seconds each; all 267 (11,038,216 persons, 10.5 GB) at 478 MB in 29 minutes on a busy machine; all of M at 409 MB in 24
seconds. Ten years of the largest piece take 498 MB.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner

from agents.cli import main as dtsen
from agents.simulator import pieces


def main(scale: str, numbers: list[int]) -> None:
    print("scale  pieces   persons   file MB   seconds   peak MB")
    for number in numbers:
        done = subprocess.run([sys.executable, "-m", __spec__.name, "one", scale, str(number)], check=True, text=True)
        assert done.returncode == 0


def one(scale: str, number: int) -> None:
    """Some pieces in this process, and a line about it. The largest pieces come first."""
    chosen = sorted(pieces(scale), key=lambda it: -it.size.persons)[: number or None]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.avro"
        named = [text for piece in chosen for text in ("--kelurahan", piece.name)]
        began = time.monotonic()
        result = CliRunner().invoke(dtsen, ["simulate", "--scale", scale, *named, "--out", str(file)])
        seconds = time.monotonic() - began
        assert result.exit_code == 0, result.output
        size = file.stat().st_size / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    persons = sum(it.size.persons for it in chosen)
    print(f"{scale:<5} {len(chosen):>7} {persons:>9,} {size:>9,.0f} {seconds:>9.1f} {peak:>9,.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        one(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else "L", [int(it) for it in sys.argv[2:]] or [1, 2, 4])

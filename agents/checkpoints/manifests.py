"""The manifests that a seal carries."""

from streams.manifests import Manifest
from streams.runs.journal import Quarter


def manifests_of(quarter: Quarter | None) -> dict[str, Manifest]:
    """Payer -> manifest, as the seal of a quarter carries them; empty for a quarter that is not sealed."""
    if quarter is None or quarter.sealed is None:
        return {}
    frames = quarter.sealed.frames
    found = [Manifest.from_bytes(frames[name]) for name in sorted(frames) if name.startswith("manifest/")]
    return {manifest.payer: manifest for manifest in found}

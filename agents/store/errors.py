"""What the store refuses."""


class StoreVersionError(RuntimeError):
    """The store was written by code of another version: delete it, and it fills itself from the log."""


class StoreClosedError(RuntimeError):
    """The store was closed: its partition went to another worker, or the process stops."""


class ScanCancelledError(RuntimeError):
    """The scan was cancelled: its store is being closed."""

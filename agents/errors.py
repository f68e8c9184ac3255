"""An error that the person at the keyboard can do something about."""


class OperatorError(Exception):
    """Says in whole sentences what is wrong, where, and what to do; shown without a traceback."""

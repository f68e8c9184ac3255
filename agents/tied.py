"""Run a command that ends when the process which started it ends, even by kill -9.

    python -m agents.tied PARENT_PID COMMAND [ARGUMENT...]

The kernel is asked to send SIGKILL to this process when its parent is gone; the wish survives the exec of the command.
Where there is no such call (not on Linux) the command runs untied.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def tied(command: list[str]) -> list[str]:
    """`command`, tied to the process that calls this."""
    # -I -S: this module needs nothing but the standard library, and starts in 20 ms without the rest
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(arguments: list[str]) -> None:
    parent, *command = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(parent):  # it was gone before we could ask
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])

"""Start a command and say how long it took and how much memory it needed, as one line of JSON at the end.

    python -I -S launch.py FILE COMMAND...      # the command's output goes to FILE

A small process of its own: a child's `ru_maxrss` begins with what its parent holds when it forks.
"""

import json
import os
import sys
import time

RIGHTS = os.O_CREAT | os.O_TRUNC | os.O_WRONLY


def main(output: str, command: list[str]) -> None:
    target = os.open(output, RIGHTS)
    actions = [(os.POSIX_SPAWN_DUP2, target, 1), (os.POSIX_SPAWN_DUP2, target, 2)]
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    print(json.dumps({"seconds": seconds, "peak": usage.ru_maxrss * 1024, "code": code}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

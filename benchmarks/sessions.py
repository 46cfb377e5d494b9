"""What does a rerun cost the server after 60 sessions over all pages, beside a fresh server?"""

import os
import re
import sys
from pathlib import Path

from serving import Served, served
from visitor import Visitor, visitor

from dashboard.navigation import SITE_MAP

SESSIONS = 60
RERUNS = 100
WARMING = 20
"""Reruns that do not count: what they load is loaded once."""

PROMISED = 1.3
"""How much CPU a rerun takes after the sessions beside before, at most."""

PROMISED_MB = 250
"""Resident memory of the serving process after the sessions, less than."""


def cpu_seconds(process: int) -> float:
    """CPU time that a process has taken so far, in user and in kernel mode."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(process: int) -> float:
    """Memory of a process that is in RAM, in MB."""
    kib = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return 1024 * int(kib[1]) / 1e6 if kib else float("nan")


def rerun(session: Visitor, times: int) -> None:
    """Go through the cells of the confusion matrix."""
    for number in range(times):
        session.visit("confusion", true=number // 10 % 10, predicted=number % 10)


def cpu_of_a_rerun(session: Visitor, server: Served) -> float:
    rerun(session, WARMING)
    before = cpu_seconds(server.process)
    rerun(session, RERUNS)
    return (cpu_seconds(server.process) - before) / RERUNS


def main() -> None:
    if not Path("/proc/self/stat").exists():
        sys.exit("This benchmark reads CPU time and memory from /proc, which only Linux has.")
    with served("dashboard/app.py") as server, visitor(server.address) as session:
        fresh = cpu_of_a_rerun(session, server)
        for _ in range(SESSIONS):
            with visitor(server.address) as other:
                for entry in SITE_MAP:
                    other.visit(entry.url_path)
        later, memory = cpu_of_a_rerun(session, server), resident_mb(server.process)
    ratio = later / fresh
    print(
        f"CPU of a confusion rerun after {SESSIONS} sessions over all pages: "
        f"{1000 * later:.1f} ms; fresh: {1000 * fresh:.1f} ms; {ratio:.2f} times as much, "
        f"promised {PROMISED:.2f}: {'kept' if ratio <= PROMISED else 'NOT KEPT'}"
    )
    print(
        f"Memory of the serving process then: {memory:.0f} MB, promised below {PROMISED_MB} MB: "
        f"{'kept' if memory < PROMISED_MB else 'NOT KEPT'}"
    )


if __name__ == "__main__":
    main()

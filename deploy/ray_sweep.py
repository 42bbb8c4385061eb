#!/usr/bin/env python3
"""Run a comparison as parts on a Ray cluster, then make its table.

    python ray_sweep.py --shards 8 -- --data DATA --methods grad,padim --seeds 0,1,2 --out RESULTS

What follows `--` are the flags of `grad compare`; DATA and RESULTS lie on a file system that all nodes see. A part whose
worker dies or whose command fails is done again; it goes on where it stopped, as finished runs are not done twice.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from typing import Optional, Sequence

import ray

TAIL = 2000
"""Characters of a part's messages that are kept."""


class PartFailed(Exception):
    """A part of the runs failed."""


def die_with_parent() -> None:
    """A command must not go on when Ray has killed the worker that waits for it (Linux)."""
    try:
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    except (OSError, AttributeError):
        pass


def run_part(command: Sequence[str], part: int, count: int) -> str:
    """Does one part. Returns the end of its messages. Raises PartFailed."""
    done = subprocess.run(
        [*command, "--shard", f"{part}/{count}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,
    )
    if done.returncode != 0:
        raise PartFailed(f"part {part} of {count} ended with {done.returncode}: {done.stderr[-TAIL:]}")
    return done.stderr[-TAIL:]


def split_flags(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is ours and what is `compare`'s."""
    at = list(arguments).index("--") if "--" in arguments else len(arguments)
    return list(arguments[:at]), list(arguments[at + 1 :])


def main(arguments: Optional[Sequence[str]] = None) -> int:
    own, flags = split_flags(sys.argv[1:] if arguments is None else arguments)
    parser = argparse.ArgumentParser(description="Run `grad compare` as parts on a Ray cluster.", usage="%(prog)s --shards N [...] -- FLAGS OF COMPARE")
    parser.add_argument("--shards", type=int, required=True, help="how many parts")
    parser.add_argument("--grad", default="grad", help='the command, as in "node build/cli/main.js" (default: grad)')
    parser.add_argument("--cpus", type=float, default=1, help="processors that Ray reserves for a part (default: 1)")
    parser.add_argument("--gpus", type=float, default=0, help="GPUs that Ray reserves for a part (default: 0)")
    parser.add_argument("--retries", type=int, default=3, help="how often a part is done again (default: 3)")
    parser.add_argument("--address", default=None, help="of a Ray cluster; default: one on this machine, for this run")
    options = parser.parse_args(own)
    if options.shards < 1 or "--out" not in flags or {"--shard", "--merge"} & set(flags):
        print("error: give --shards from 1 up, and after -- the flags of compare with --out, without --shard and --merge.", file=sys.stderr)
        return 2
    grad = shlex.split(options.grad)
    ray.init(address=options.address, log_to_driver=False, logging_level="warning", ignore_reinit_error=True)
    task = ray.remote(run_part).options(
        num_cpus=options.cpus,
        num_gpus=options.gpus or None,
        max_retries=options.retries,
        # Not only when the worker dies: a driver of a GPU that hangs up fails the command.
        retry_exceptions=[PartFailed],
    )
    parts = {task.remote([*grad, "compare", *flags], part + 1, options.shards): part + 1 for part in range(options.shards)}
    failed = 0
    waiting = list(parts)
    while waiting:
        (ready,), waiting = ray.wait(waiting, num_returns=1)
        try:
            ray.get(ready)
            print(f"part {parts[ready]} of {options.shards} done", file=sys.stderr)
        except (ray.exceptions.RayError, PartFailed) as error:
            failed += 1
            print(f"part {parts[ready]} of {options.shards} failed: {error}", file=sys.stderr)
    merged = subprocess.run([*grad, "compare", "--merge", flags[flags.index("--out") + 1]])
    return 1 if failed > 0 else merged.returncode


if __name__ == "__main__":
    sys.exit(main())

"""Self-test of ray_sweep.py: python deploy/test/ray_sweep_test.py. The command is a stand-in that fails where it is told to."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SWEEP = Path(__file__).resolve().parent.parent / "ray_sweep.py"

# Part 2 fails at its first start, part 3 takes its worker along, part 4 fails whenever its folder says so.
STAND_IN = """
import os, signal, sys
from pathlib import Path

flags = sys.argv[1:]
folder = Path(flags[flags.index("--merge" if "--merge" in flags else "--out") + 1])
if "--merge" in flags:
    print("merged", sorted(path.name for path in folder.glob("part-*")))
    sys.exit(0)
part = flags[flags.index("--shard") + 1].replace("/", "-of-")
with open(folder / f"starts-{part}", "a") as starts:
    starts.write("start\\n")
first = len((folder / f"starts-{part}").read_text().splitlines()) == 1
if part.startswith("2-") and first:
    sys.exit("no GPU for a moment")
if part.startswith("3-") and first:
    os.kill(os.getppid(), signal.SIGKILL)
if part.startswith("4-") and (folder / "broken").exists():
    sys.exit("this part is broken")
(folder / f"part-{part}").write_text("done")
"""


class SweepTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "out"
        self.out.mkdir()
        self.command = Path(self.folder.name) / "grad.py"
        self.command.write_text(STAND_IN)

    def tearDown(self):
        self.folder.cleanup()

    def sweep(self, *flags: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(SWEEP), "--shards", "4", "--cpus", "0.5", "--retries", "1", "--grad", f"{sys.executable} {self.command}"]
        return subprocess.run([*command, "--", "--data", "d", *flags], capture_output=True, text=True)

    def test_parts_are_done_again_when_command_or_worker_fails(self):
        done = self.sweep("--out", str(self.out))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("merged ['part-1-of-4', 'part-2-of-4', 'part-3-of-4', 'part-4-of-4']", done.stdout)
        starts = [len((self.out / f"starts-{part}-of-4").read_text().splitlines()) for part in (1, 2, 3, 4)]
        self.assertEqual(starts, [1, 2, 2, 1])

    def test_a_part_that_keeps_failing_is_named_and_the_others_are_merged(self):
        (self.out / "broken").touch()
        done = self.sweep("--out", str(self.out))
        self.assertEqual(done.returncode, 1)
        self.assertIn("part 4 of 4 failed", done.stderr)
        self.assertIn("this part is broken", done.stderr)
        self.assertIn("merged ['part-1-of-4', 'part-2-of-4', 'part-3-of-4']", done.stdout)

    def test_flags_that_it_sets_itself_are_refused(self):
        for flags in (["--out", "o", "--shard", "1/2"], []):
            self.assertEqual(self.sweep(*flags).returncode, 2)


if __name__ == "__main__":
    unittest.main()

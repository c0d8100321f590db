"""`python -m tests.bench [NAME…] [--json]`: run the benchmarks and print their ratios.

Each module here with a `run() -> list[Ratio]` is a benchmark. It runs in a process of
its own, with private embedded services that wait for the disk as production does, a
migrated database, and Django set up; all of it is removed afterwards.
"""

import argparse
import json
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.bench.ratios import Ratio

HELPERS = {"__main__", "bare_view", "books", "ratios", "worlds"}
RESULT = "bench-result:"
OUTSIDE = (
    "DATABASE_URL",
    "OWNER_DATABASE_URL",
    "BROKER_URL",
    "CACHE_URL",
    "PRODUCTION",
    "SECRET_KEY",
    "DEBUG",
)


def main() -> int:
    """Run what was asked for; 1 if a limit was missed or a benchmark failed."""
    known = sorted(
        m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)]) if m.name not in HELPERS
    )
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(known)}; all if none")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument("--inside", choices=known, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return run_inside(options.inside)
    unknown = set(options.names) - set(known)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return run_all(options.names or known, as_json=options.json)


def run_all(names: list[str], *, as_json: bool) -> int:
    """Run each benchmark, print a line per ratio as it comes, and say whether all is well."""
    print(f"{'':62} {'ours':>13} {'bare':>13} {'ratio':>7}  limit", flush=True)
    found: list[tuple[str, Ratio]] = []
    failed: list[str] = []
    for name in names:
        ratios = run_one(name)
        if ratios is None:
            failed.append(name)
            print(f"{name}: did not finish", flush=True)
        for ratio in ratios or []:
            found.append((name, ratio))
            print(line(name, ratio), flush=True)
    if as_json:
        rows = [{"bench": name, **asdict(r), "ratio": r.ratio, "ok": r.ok} for name, r in found]
        print(json.dumps({"ratios": rows, "failed": failed}))
    return int(bool(failed) or not all(ratio.ok for _, ratio in found))


def line(name: str, ratio: Ratio) -> str:
    """One line of the table."""
    title = f"{name}: {ratio.name}"
    sign = "≥" if ratio.at_least else "≤"
    figures = f"{figure(ratio.ours, ratio.unit):>13} {figure(ratio.bare, ratio.unit):>13} {ratio.ratio:7.2f}"
    if ratio.limit is None:
        return f"{title[:62]:62} {figures}  for information"
    return f"{title[:62]:62} {figures}  {sign} {ratio.limit:g}  {'ok' if ratio.ok else 'OVER'}"


def figure(value: float, unit: str) -> str:
    """A figure with its unit: 12.3 ms, 54,000 rows/s."""
    return f"{value:,.0f} {unit}" if abs(value) >= 100 else f"{value:.3g} {unit}"


def run_one(name: str) -> list[Ratio] | None:
    """Run one benchmark in a process of its own; None if it failed."""
    with services() as environment:
        command = [sys.executable, "-m", "tests.bench", "--inside", name]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    results = [row for row in done.stdout.splitlines() if row.startswith(RESULT)]
    if done.returncode or not results:
        sys.stderr.write(done.stdout)
        return None
    return [Ratio(**values) for values in json.loads(results[-1].removeprefix(RESULT))]


def run_inside(name: str) -> int:
    """Set up Django, migrate, run the benchmark and hand its ratios to the parent."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "csworkspace.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    ratios: list[Ratio] = import_module(f"tests.bench.{name}").run()
    print(RESULT + json.dumps([asdict(ratio) for ratio in ratios]), flush=True)
    return 0


@contextmanager
def services() -> Iterator[dict[str, str]]:
    """Durable embedded services in a temporary folder, and the environment to use them."""
    from csworkspace.embedded import services as embedded

    folder = Path(tempfile.mkdtemp(prefix="csw-bench-"))
    folder.chmod(0o711)
    state = folder / "state"
    kept = {key: value for key, value in os.environ.items() if key not in OUTSIDE}
    try:
        embedded.ensure(state, durable=True)
        yield kept | {"CSW_STATE_DIR": str(state)}
    finally:
        embedded.stop(state)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

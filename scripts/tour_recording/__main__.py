"""The commands of ``scripts/tour``."""

import argparse
import sys
from pathlib import Path
from typing import Final

from scripts.tour_recording import comparing, rows, stage, tour
from scripts.tour_recording.running import TourStage

HERE: Final = Path(__file__).resolve().parent.parent.parent


def main() -> int:
    """Run the given command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/tour", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    made = commands.add_parser("stage", help="seed the demonstration once, and keep its database and files in a folder")
    recorded = commands.add_parser("record", help="visit every address and record every answer into a folder")
    compared = commands.add_parser("compare", help="a line for each difference between two recordings")
    kept = commands.add_parser("rows", help="apply the migrations to a copy of a stage and compare every row")
    for one in (made, recorded):
        one.add_argument("folder", type=Path)
    for one in (recorded, kept):
        one.add_argument("--stage", type=Path, required=True, help="a folder that `stage` made")
    for one in (made, recorded, kept):
        one.add_argument("--checkout", type=Path, default=HERE, help="whose code is run (default: this one)")
    recorded.add_argument("--like", type=Path, help="ask exactly what was asked in this recording")
    recorded.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the service")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    compared.add_argument("--most", type=int, default=50, help="how many differences are shown")
    given = parser.parse_args()
    if given.command == "stage":
        stage.make(given.folder.resolve(), given.checkout.resolve())
        return 0
    if given.command == "compare":
        return comparing.compare(given.before, given.after, given.most)
    known, checkout = TourStage.read(given.stage.resolve()), given.checkout.resolve()
    if given.command == "rows":
        return rows.upgrade(known, checkout, HERE / "var" / "tour" / "rows")
    settings = dict(one.split("=", 1) for one in given.set)
    tour.record(known, checkout, given.folder.resolve(), given.like, settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())

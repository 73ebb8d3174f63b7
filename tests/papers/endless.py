"""A program that behaves badly, as its first argument says."""

import os
import sys
import time

from petitions.papers.sandbox import limit_this_process


def main() -> None:
    limit_this_process()
    how = sys.argv[1] if len(sys.argv) > 1 else ""
    if how == "environment":
        sys.stdout.write(os.environ.get("SECRET_KEY", ""))
    elif how == "memory":
        sys.stdout.write(str(len(bytearray(1 << 31))))
    else:
        time.sleep(60)


if __name__ == "__main__":
    main()

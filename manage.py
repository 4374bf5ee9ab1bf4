#!/usr/bin/env python3
import os
import sys


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words, before a traceback would
        sys.exit(f"Pitboss needs Python 3.11 or newer; this is {sys.version_info[0]}.{sys.version_info[1]}.")
    # Where LANG names a locale the machine lacks, initdb crashes; C.UTF-8 is always there.
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
"""Cases in Python, reported as KTAP. A case is a function whose documentation is its name; it fails by raising
something."""

import sys
import traceback


def run(cases):
    """Run them in order. Return: exit status of the suite"""
    failed = 0

    print(f'1..{len(cases)}', flush=True)
    for number, case in enumerate(cases, 1):
        try:
            case()
            print(f'ok {number} {case.__doc__}', flush=True)
        # What a case meets that it did not expect is a failure, too, and the next one is to run.
        except Exception:
            lines = traceback.format_exc().rstrip('\n').split('\n')[-60:]
            print(''.join(f'# {s}\n' for s in lines) + f'not ok {number} {case.__doc__}', flush=True)
            failed += 1
    sys.stdout.flush()
    return 1 if failed else 0

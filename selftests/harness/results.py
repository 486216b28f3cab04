#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a run leaves for machines and for people: a JSON file a boot, one table of suites by cells.

usage: results.py RESULTS          print the table of what lies below RESULTS
       results.py RESULTS README   put it between the marks in README
"""

import glob
import json
import os
import re
import sys

import cells

# What a boot leaves in its directory.
FILE = 'cases.json'
VERDICTS = ('pass', 'fail', 'skip', 'observed')
BEGIN, END = '<!-- support matrix -->', '<!-- end of support matrix -->'


def count(cases):
    return {v: sum(c.verdict == v for c in cases) for v in VERDICTS}


TOOK = re.compile(r'^# took (\S+) (\S+)$', re.MULTILINE)


def save(directory, cell, boot, cases, seconds, result=''):
    """result: the stream that the cases are from; it says how long each suite took, by the board's clock"""
    document = {'cell': cell['name'], 'title': cell['title'], 'kernel': cell['kernel'], 'stack': boot['stack'],
                'boot': boot['name'], 'seconds': round(seconds),
                'suite_seconds': {suite: round(float(took)) for took, suite in TOOK.findall(result)},
                'cases': [{'suite': c.suite.split(': ', 1)[-1], 'name': c.name, 'verdict': c.verdict,
                           'reason': c.reason} for c in cases]}
    with open(os.path.join(directory, FILE), 'w') as f:
        json.dump(document, f, indent=1)


def _cell(counts):
    """One field of the table: what a reader has to know at a glance."""
    if not counts:
        return '–'
    word = f'**{counts["fail"]} failed**' if counts['fail'] else 'ok' if counts['pass'] else 'skipped'
    if counts['pass']:
        word += f' {counts["pass"]}'
    if counts['observed']:
        word += f' ({counts["observed"]} set aside)'
    return word


def _missing(cell, ran):
    """Boots of a cell that did not run, and suites that boots did without; ran: the suites that each boot reported."""
    missing = []
    for boot in cells.load(cell)['boot'] if cell in cells.names() else []:
        # What dies on purpose leaves suites out.
        left = [s for s in boot['suites'] if s not in ran.get(boot['name'], ()) and f'board: {s}' not in boot.get('provokes', {})]
        if boot['name'] not in ran:
            missing.append(boot['name'])
        elif left:
            missing.append(f'{boot["name"]} without {", ".join(left)}')
    return missing


def table(results):
    """Suites by cells, from the JSON files below the directory `results`, and what of these cells is not among them."""
    found, columns = {}, {}
    for path in sorted(glob.glob(os.path.join(results, '*', '*', FILE))):
        with open(path) as f:
            boot = json.load(f)
        columns.setdefault(boot['cell'], {})[boot['boot']] = {case['suite'] for case in boot['cases']}
        for case in boot['cases']:
            # What belongs to no suite, such as the removal of the modules, is reported under the boot.
            suite = 'board' if case['suite'] == boot['boot'] else case['suite']
            counts = found.setdefault(suite, {}).setdefault(boot['cell'], dict.fromkeys(VERDICTS, 0))
            counts[case['verdict']] += 1
    lines = ['| suite | ' + ' | '.join(columns) + ' |', '|---' * (len(columns) + 1) + '|']
    for suite in sorted(found):
        lines.append(f'| {suite} | ' + ' | '.join(_cell(found[suite].get(c)) for c in columns) + ' |')
    left = [f'- {cell}: {"; ".join(missing)}' for cell in columns if (missing := _missing(cell, columns[cell]))]
    if left:
        lines += ['', 'Not run:', ''] + left
    return '\n'.join(lines) + '\n'


def write_table(results):
    with open(os.path.join(results, 'table.md'), 'w') as f:
        f.write(table(results))


def main():
    text = table(sys.argv[1])
    if len(sys.argv) < 3:
        print(text, end='')
        return
    with open(sys.argv[2]) as f:
        readme = f.read()
    head, rest = readme.split(BEGIN)
    tail = rest.split(END)[1]
    with open(sys.argv[2], 'w') as f:
        f.write(f'{head}{BEGIN}\n{text}{END}{tail}')


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tests of report.py: its arithmetic, and that what is broken or missed does not look well. Prints KTAP."""

import json
import xml.etree.ElementTree

import report

PING, TO = ('ping', 16, 1), ('to-remote', 16, 1)


def lines(instructions, interrupts=10, test='ping', rounds=4, **more):
    """A test of ten messages a round as the guest prints it, and the plugin's lines for it."""
    sample = dict({'test': test, 'size': 16, 'endpoints': 1, 'messages': 10, 'traced': False, 'ns': 1000,
                   'interrupts': interrupts, 'switches': 20, 'allocations': 0}, **more)
    samples = [sample] * rounds + [dict(sample, traced=True, allocations=30)]
    # The first round costs more, and one of the others.
    costs = [9 * instructions] + [instructions] * (rounds - 2) + [2 * instructions] + [5 * instructions]
    return (''.join(f'[    1.0]  # bench {json.dumps(s)}\n' for s in samples),
            ''.join(f'{cost} 70 1 10\n' for cost in costs))


def counts(*args, **kw):
    printed, counted = lines(*args, **kw)
    return report.counts_of(report.add_counts(report.read_samples(printed), counted))


def rows(old, new, test='ping', interrupts=10, ratios=None):
    return report.compare({'in-tree': counts(old, test=test), 'ours': counts(new, interrupts, test=test)}, ratios or {})


def speeds(value):
    return {PING: value}


def refuses(call):
    try:
        call()
    except report.Broken:
        return True
    return False


CASES = [
    ('per message, median, without first and traced rounds', lambda: counts(1000)[PING]['instructions'] == 100),
    ('allocations are those of the traced round', lambda: counts(1000)[PING]['allocations'] == 3),
    ('doorbells per message', lambda: counts(1000)[PING]['to_remote'] == 0.1 and counts(1)[PING]['from_remote'] == 1),
    ('lines that are no samples are passed over',
     lambda: len(report.read_samples('ok 1\n# bench\n' + lines(1)[0])) == 5),
    ('a round without its counts is refused',
     lambda: refuses(lambda: report.add_counts(report.read_samples(lines(1)[0]), '1 2 3 4\n'))),
    ('a test with one round is refused',
     lambda: refuses(lambda: report.counts_of(report.read_samples(lines(1)[0])[:1]))),
    ('without plugin there are no instructions',
     lambda: report.counts_of(report.read_samples(lines(1)[0]))[PING]['instructions'] is None),
    ('ratio', lambda: rows(1000, 400)[PING]['ours']['ratio'] == 0.4),
    ('reached', lambda: not report.all_missed(rows(1000, 500))),
    ('missed by instructions', lambda: len(report.all_missed(rows(1000, 501))) == 1),
    ('missed by interrupts', lambda: len(report.all_missed(rows(1000, 400, interrupts=11))) == 1),
    ('missed by doorbells', lambda: not report.all_missed(rows(1000, 250, 'to-remote'))
     and len(report.missed('to-remote', {'ratio': 0.2, 'to_remote': 0.2})) == 1),
    ('what is missed is in the text', lambda: 'not reached' in report.text('t', rows(1000, 501))
     and 'not reached' not in report.text('t', rows(1000, 500))),
    ('speed', lambda: report.speeds_of(report.read_samples(lines(1)[0]))[PING] == 1e7),
    ('median of pairs, not of values', lambda: report.speed_ratios(
        [{'a': speeds(100), 'b': speeds(200)}, {'a': speeds(10), 'b': speeds(30)}, {'a': speeds(1), 'b': speeds(9)}])
     == {'b': {PING: 3}}),
    ('no pairs, no ratios', lambda: report.speed_ratios([]) == {}),
    ('JSON that can be read back', lambda: len(json.loads(json.dumps(report.document('t', rows(1000, 400), [
        {'a': speeds(1)}])))['per_message']) == 2),
    ('the chart is XML and names the numbers', lambda: '1,000' in ''.join(
        xml.etree.ElementTree.fromstring(report.chart('a & b', rows(10000, 4000))).itertext())),
    ('profile', lambda: report.profile('1000 10\n1010 20\n2000 5\n10 1\n', '00001000 f\n00002000 g\n', 10)
     == [('f', 3), ('g', 0.5), ('user', 0.1)]),
]


def main():
    bad = 0
    print(f'KTAP version 1\n1..{len(CASES)}')
    for number, (name, check) in enumerate(CASES, 1):
        good = check()
        bad += not good
        print(f'{"ok" if good else "not ok"} {number} {name}')
    return 1 if bad else 0


if __name__ == '__main__':
    raise SystemExit(main())

# SPDX-License-Identifier: GPL-2.0-only
"""Judge one boot of a board from what it left: the result stream, the console, QEMU's exit status."""

import dataclasses
import os
import re

import ktap
from ktap import Case

# What a kernel prints when something is wrong that no test provokes: an expression a line.
COMPLAINTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'complaints')
with open(COMPLAINTS) as lines:
    SPLAT = re.compile('|'.join(lines.read().splitlines()))
END = re.compile(r'^# amp-end (.*)$', re.MULTILINE)


# init writes it first, each time that Linux starts.
START = re.compile(r'^KTAP version 1$', re.MULTILINE)
# What Linux says first on its console.
BOOTED = 'Linux version '
# Before init shows what the kernel of the last start has said since the tests began.
LOG = '# amp-dmesg'
# What a board says when it is asked why it is silent.
ASKED = 'sysrq: Show'
TESTED = re.compile(r'^# tested (\S+) .*?(\([A-Z]*\))?$', re.MULTILINE)


def wrong_modules(result, expected):
    """What of `expected` (a module's name to whether it is ours) was not so when the suites had run."""
    ours = {name: 'O' in (taint or '') for name, taint in TESTED.findall(result)}
    for name, should in expected.items():
        if name not in ours:
            yield f'{name} was not loaded'
        elif ours[name] != should:
            yield f'{name} was {"not " if should else ""}ours'


def lost(console):
    answer = '; what it waited for is on the console' if ASKED in console else ''
    return f'the machine was lost: it hung and had to be ended{answer}'


def judge(boot, result, console, status, required, expected=None, observed=None, starts=1, provokes=None):
    """The cases of `boot`, with everything that was wrong around them as failed cases.

    result, console: what was read from the two UARTs
    status: QEMU's exit status, or None if it had to be ended
    required: the suites that must have run
    expected: modules that must have been there, each with whether it must have been ours
    observed: for drivers that are not ours: cases (`suite: case`, or `suite` if it differs which of them)
              that are known to fail or to be unstable there, see set_aside(); counted as neither passed
              nor failed
    starts: how often Linux must have started
    provokes: what a boot does wrong on purpose has to be found: cases (`suite: case`) that must fail, each
              with a regular expression that the reason has to match
    """
    cases = ktap.parse(result, boot)
    cases = [dataclasses.replace(c, suite=f'{boot}: {c.suite}') for c in cases]

    def fail(name, reason):
        cases.append(Case(f'{boot}: board', name, 'fail', reason, broken=True))

    end, booted = END.search(result), console.split(LOG, 1)[0].count(BOOTED)
    if status is None:
        fail('power-off', lost(console))
        # What it was asked for looks like a splat.
        console = console.split(ASKED, 1)[0]
    elif status != 0:
        fail('power-off', f'QEMU ended with status {status}')
    if not end:
        fail('end line', 'the machine never reported that it was done')
    elif not {'splats=0', 'leaks=0'} <= set(end.group(1).split()):
        fail('kernel log', f'the kernel complained: {end.group(1)}')
    if len(START.findall(result)) != starts:
        fail('starts', f'Linux started {len(START.findall(result))} times, and not {starts}')
    if booted < starts:
        fail('console', f'Linux started there {booted} times, and not {starts}: what is missing may have been a complaint')
    for wrong in wrong_modules(result, expected or {}):
        fail('modules', wrong)
    splat = SPLAT.search(console)
    if splat:
        line = console[console.rfind('\n', 0, splat.start()) + 1:].split('\n', 1)[0].strip()
        fail('console', line)
    seen = {c.suite for c in cases}
    for suite in required:
        if f'{boot}: {suite}' not in seen:
            fail(suite, 'this suite did not run')
    for suite in ktap.skipped_suites(cases):
        fail(suite, 'nothing in this suite ran, and it is required here')
    for key in unknown(observed or {}, required, {f'{c.suite}: {c.name}'[len(boot) + 2:] for c in cases}):
        fail('observed', f'{key} is set aside, and there is no such case')
    works = {c.suite for c in cases if c.verdict == 'pass'}
    cases = [set_aside(case, observed or {}, works) for case in cases]
    for key, like in (provokes or {}).items():
        cases = found(boot, cases, key, like)
    return cases


def found(boot, cases, key, like):
    """The failures that a boot provoked as the one case they were to be; one that fails, if there is none."""
    suite, _, name = key.partition(': ')
    rest = [c for c in cases if not (c.verdict == 'fail' and key == f'{c.suite}: {c.name}'[len(boot) + 2:] and
                                     re.search(like, c.reason))]
    if len(rest) < len(cases):
        return rest + [Case(f'{boot}: {suite}', f'{name}: found', 'pass')]
    return rest + [Case(f'{boot}: {suite}', f'{name}: found', 'fail', f'nothing was said that is like {like!r}',
                        broken=True)]


def unknown(observed, required, names):
    """Cases that `observed` names and suites that ran do not have: what they were called has no excuse now."""
    for key in observed:
        suite, colon, _ = key.partition(': ')
        if colon and suite in required and key not in names:
            yield key


def set_aside(case, observed, works):
    """A case that someone else's driver is known to fail says nothing about the board, nor of us.

    What was seen is a text, or a table: `seen`, the text, and `like`, a regular expression that the reason
    of the failure has to match, the first if there are several: what follows may follow from it, whatever it
    is. A whole suite needs that, lest it hide other failures.
    A suite of which nothing passed says too much: that is reported, whatever is known. So is one that was
    cut short, or whose program crashed: no driver makes our programs do that.
    """
    if case.verdict != 'fail' or case.broken or case.suite not in works:
        return case
    suite = case.suite.split(': ', 1)[-1]
    for key in (f'{suite}: {case.name}', suite):
        known = observed.get(key)
        if isinstance(known, str):
            known = {'seen': known, 'like': ''}
        if known and re.search(known['like'], case.first):
            return dataclasses.replace(case, verdict='observed', reason=known['seen'])
    return case

# SPDX-License-Identifier: GPL-2.0-only
"""Read KTAP: which cases there were, and what is wrong with the stream itself.

Only leaves count as cases. A line that sums up a nested suite is checked against it instead: a suite
that says "not ok" though all its cases passed, one that a signal ended, one whose plan was not
fulfilled and one without a plan each become a failed case of their own, so that nothing that stopped
early can look complete.
"""

import dataclasses
import re

RESULT = re.compile(r'^( *)(ok|not ok)\s+(\d+)(?:\s+-)?\s*(.*)$')
PLAN = re.compile(r'^( *)1\.\.(\d+)(\s*#\s*SKIP.*)?\s*$')
RUN = re.compile(r'^ *#\s+RUN\s+(\S+)')
# What a case says about itself before its result; the harness of kselftest names file and line.
NOTE = re.compile(r'^ *#\s+(?!RUN\s|OK\s|FAIL\s|Starting\s|PASSED:|FAILED:|Totals:)(\S.*)$')
NOTES_SHOWN = 3
CRASHED = re.compile(r'# exit status (12[89]|1[3-9]\d|2\d\d)$')
SKIP = re.compile(r'(?:^|\s)#\s*SKIP\b\s*(.*)$', re.IGNORECASE)


@dataclasses.dataclass
class Case:
    suite: str
    name: str
    verdict: str            # 'pass', 'fail' or 'skip'
    # All that is known of why, and what of that came first.
    reason: str = ''
    first: str = ''
    # Not what a case found, but that the stream or the board around it is wrong.
    broken: bool = False


class _Level:
    """One nesting depth of the stream: its plan and what was seen under it."""

    def __init__(self):
        self.plan = None
        self.seen = 0
        self.cases = []


class Parser:
    def __init__(self, suite):
        self.suite = suite
        self.levels = [_Level()]
        # Some kselftests leave the name out of a skipped case, but say before what they run.
        self.running = '(unnamed)'
        self.notes = []

    def _level(self, depth):
        while len(self.levels) <= depth:
            self.levels.append(_Level())
        return self.levels[depth]

    def _close(self, depth, name):
        """The stream came back from below `depth`: judge what was there, return its cases."""
        cases = []
        while len(self.levels) > depth + 1:
            level = self.levels.pop()
            if level.plan is None:
                cases.append(Case(name, 'plan', 'fail', 'no plan line', broken=True))
            elif level.plan != level.seen:
                cases.append(Case(name, 'plan', 'fail',
                                  f'{level.plan} cases planned, {level.seen} reported', broken=True))
            for case in level.cases:
                case.suite = case.suite or name
            cases = level.cases + cases
        return cases

    def _result(self, depth, good, title):
        skip = SKIP.search(title)
        name = (' ' + title).split(' # ')[0].strip() or self.running
        has_below = len(self.levels) > depth + 1
        below = self._close(depth, name)
        level = self._level(depth)
        level.seen += 1
        if has_below:
            # A failed case explains a status, but not that a signal ended the program.
            crashed = CRASHED.search(title)
            if not good and not any(c.broken or c.verdict == 'fail' and not crashed for c in below):
                below.append(Case(name, 'suite', 'fail', title, broken=True))
            level.cases += below
        elif skip:
            level.cases.append(Case('', name, 'skip', skip.group(1) or 'no reason given'))
        else:
            why = [] if good else self._why(title[len(name):].strip(' #'))
            level.cases.append(Case('', name, 'pass' if good else 'fail', ' / '.join(why), *why[:1]))
        self.notes = []

    def _why(self, reason):
        return ([reason] if reason else []) + self.notes[:NOTES_SHOWN]

    def feed(self, line):
        line = line.rstrip('\r\n').expandtabs(4)
        plan = PLAN.match(line)
        if plan:
            level = self._level(self._depth(plan.group(1)))
            level.plan = int(plan.group(2))
            return
        run = RUN.match(line)
        if run:
            self.running = run.group(1)
            self.notes = []
        note = NOTE.match(line)
        if note:
            self.notes.append(note.group(1))
        result = RESULT.match(line)
        if result:
            self._result(self._depth(result.group(1)), result.group(2) == 'ok', result.group(4))

    def _depth(self, indent):
        # Suites that are run by a script nest by 4 (KUnit) or 2 (kselftest runner).
        return (len(indent) + 2) // 4

    def finish(self):
        self.levels.insert(0, _Level())
        return self._close(0, self.suite)


def parse(text, suite):
    """All cases of a stream; `suite` names those that are not in a nested suite."""
    parser = Parser(suite)
    for line in text.splitlines():
        parser.feed(line)
    return parser.finish()


def skipped_suites(cases):
    """Suites in which nothing ran at all."""
    ran = {c.suite for c in cases if c.verdict != 'skip'}
    return sorted({c.suite for c in cases} - ran)

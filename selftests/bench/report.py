# SPDX-License-Identifier: GPL-2.0-only
"""From what the benchmark's boots leave to numbers, and from numbers to text and a chart. Nothing in here runs
anything; report_test.py tests it on the host.

A sample is one round of one test, as the program in the guest prints it, with the counts of QEMU's plugin added if
there was one. The first round of a test warms up and is dropped. `counts` and `speeds` are by stack and test; the
first stack is the one that the others are compared with.
"""

import html
import json
import re
import statistics

LINE = re.compile(r'# bench (\{.*\})')
# By test: what the instructions of Linux may be, as a ratio to the first stack.
WANTED = {'ping': 0.5, 'to-remote': 0.25, 'from-remote': 0.5}
# What else may be per message: metric and bound.
BOUNDS = {'ping': ('interrupts', 1), 'to-remote': ('to_remote', 1 / 8)}
TITLES = {'ping': 'Round trip', 'to-remote': 'Flood to the remote', 'from-remote': 'Flood from the remote'}
COUNTED = ('instructions', 'remote', 'to_remote', 'from_remote')
METRICS = COUNTED + ('interrupts', 'switches', 'allocations')
COLUMNS = (('instructions', 'instruc-', 'tions', '.0f'), ('ratio', 'ratio', '', '.3f'),
           ('interrupts', 'inter-', 'rupts', '.3f'), ('to_remote', 'doorbells', 'to remote', '.3f'),
           ('from_remote', 'doorbells', 'from it', '.3f'), ('switches', 'context', 'switches', '.3f'),
           ('allocations', 'alloca-', 'tions', '.3f'), ('remote', 'remote’s', 'instr.', '.0f'),
           ('speed', 'messages/s', 'ratio', '.2f'))


class Broken(Exception):
    """What a boot has left is not what it should be."""


def read_samples(text):
    return [json.loads(m.group(1)) for m in map(LINE.search, text.splitlines()) if m]


def add_counts(samples, text):
    """Lines of the plugin, one for each sample in the same order."""
    lines = text.splitlines()
    if len(lines) != len(samples):
        raise Broken(f'{len(samples)} rounds but {len(lines)} lines of counts')
    return [dict(s, **dict(zip(COUNTED, map(int, line.split())))) for s, line in zip(samples, lines)]


def by_test(samples):
    """Rounds of each test without the first, (test, bytes, endpoints) in the order of the samples."""
    tests = {}
    for s in samples:
        tests.setdefault((s['test'], s['size'], s['endpoints']), []).append(s)
    if any(len(rounds) < 2 for rounds in tests.values()):
        raise Broken('a test has no round but the first')
    return {test: rounds[1:] for test, rounds in tests.items()}


def counts_of(samples):
    """By test: each metric per message, the median of the rounds; allocations of the rounds that traced them."""
    result = {}
    for test, rounds in by_test(samples).items():
        result[test] = {}
        for metric in METRICS:
            fit = [r for r in rounds if r.get('traced', False) == (metric == 'allocations')]
            values = [r[metric] / r['messages'] for r in fit if metric in r]
            result[test][metric] = statistics.median(values) if values else None
    return result


def speeds_of(samples):
    """By test: messages per second, the median of the rounds."""
    return {test: statistics.median(r['messages'] / r['ns'] * 1e9 for r in rounds)
            for test, rounds in by_test(samples).items()}


def speed_ratios(pairs):
    """By stack and test: the median of the ratios of pairs. A pair: by stack and test, messages per second."""
    result = {}
    for stack in list(pairs[0])[1:] if pairs else []:
        first = next(iter(pairs[0]))
        result[stack] = {test: statistics.median(p[stack][test] / p[first][test] for p in pairs)
                         for test in pairs[0][first]}
    return result


def compare(counts, ratios):
    """Rows of the table by test and stack; rows of other stacks than the first have what they were to reach."""
    first = next(iter(counts))
    rows = {}
    for test in counts[first]:
        for stack in counts:
            row = dict(counts[stack][test])
            if stack != first:
                row['ratio'] = row['instructions'] / counts[first][test]['instructions']
                row['speed'] = ratios.get(stack, {}).get(test)
                row['missed'] = missed(test[0], row)
            rows.setdefault(test, {})[stack] = row
    return rows


def missed(kind, row):
    """What a row was to reach and did not, in words."""
    words = []
    if row['ratio'] > WANTED[kind]:
        words.append(f'instructions {row["ratio"]:.3f}, wanted {WANTED[kind]}')
    metric, bound = BOUNDS.get(kind, (None, None))
    # A few more at the beginning and end of a round are no rule.
    if metric and row[metric] is not None and row[metric] > bound * 1.01:
        words.append(f'{metric.replace("_", " ")} {row[metric]:.3f}, wanted {bound:g}')
    return words


def all_missed(rows):
    return [f'{name_of(test)}: {words}' for test, stacks in rows.items() for row in stacks.values()
            for words in row.get('missed', [])]


def name_of(test):
    kind, size, endpoints = test
    return f'{TITLES[kind]}, {size} B, {endpoints} endpoint{"s" if endpoints > 1 else ""}'


def _field(row, key, form):
    return '-' if row.get(key) is None else format(row[key], form)


def text(title, rows):
    lines = [title, 'Per message (for a round trip: per round trip), all of Linux together', '']
    for number in (1, 2):
        lines.append(' ' * 12 + ''.join(f'{column[number]:>11}' for column in COLUMNS))
    for test, stacks in rows.items():
        lines += ['', name_of(test)]
        for stack, row in stacks.items():
            lines.append(f'  {stack:<10}' + ''.join(f'{_field(row, key, form):>11}' for key, _, _, form in COLUMNS))
    bad = all_missed(rows)
    lines += ['', 'Wanted and not reached:' if bad else 'All that was wanted has been reached.']
    return '\n'.join(lines + [f'  {line}' for line in bad]) + '\n'


def document(title, rows, pairs):
    """What goes into the JSON file."""
    def flat(test):
        return {'test': test[0], 'size': test[1], 'endpoints': test[2]}

    return {'title': title,
            'per_message': [dict(flat(test), stack=stack, **row) for test, stacks in rows.items()
                            for stack, row in stacks.items()],
            'messages_per_second': [dict(flat(test), stack=stack, pair=number, value=value)
                                    for number, pair in enumerate(pairs) for stack, tests in pair.items()
                                    for test, value in tests.items()]}


COLOURS = ('#adb5bd', '#0b7285', '#e8590c', '#5f3dc4')
STYLE = '''text{font-family:"DejaVu Sans",Helvetica,Arial,sans-serif;fill:#212529;font-size:12px}
.h{font-size:18px;font-weight:bold}.s{fill:#868e96}.g{font-size:14px;font-weight:bold}
.t{text-anchor:end}.r{font-weight:bold;fill:#0b7285}.w{stroke:#c92a2a;stroke-width:2}.a{stroke:#dee2e6}'''
LEFT, WIDTH, BAR = 190, 520, 15


def _text(x, y, words, kind=''):
    return f'<text x="{x:.1f}" y="{y}"{f" class={chr(34)}{kind}{chr(34)}" if kind else ""}>{html.escape(words)}</text>'


def _bars(test, stacks, scale, y):
    """One test: a bar for each stack, a mark where the bar should end at the latest."""
    first = next(iter(stacks.values()))['instructions']
    parts = [_text(LEFT - 12, y + 19, f'{test[1]} B, {test[2]} endpoint{"s" if test[2] > 1 else ""}', 't')]
    for number, row in enumerate(stacks.values()):
        top, width = y + number * (BAR + 2), row['instructions'] * scale
        parts.append(f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}" rx="2" fill="{COLOURS[number]}"/>')
        parts.append(_text(LEFT + width + 7, top + 12, f'{row["instructions"]:,.0f}'))
        if 'ratio' in row:
            parts.append(_text(LEFT + WIDTH + 90, top + 12, f'{row["ratio"]:.2f}', 'r'))
    x, end = LEFT + first * WANTED[test[0]] * scale, y + len(stacks) * (BAR + 2)
    parts.append(f'<line x1="{x:.1f}" y1="{y - 2}" x2="{x:.1f}" y2="{end}" class="w"/>')
    return parts, end


def chart(title, rows):
    """An SVG picture: instructions of Linux per message, one group for each kind of test."""
    stacks = list(next(iter(rows.values())))
    scale = WIDTH / max(row['instructions'] for stack in rows.values() for row in stack.values())
    parts = [_text(24, 34, 'What a message costs Linux', 'h'), _text(24, 54, f'instructions, counted; {title}', 's')]
    for number, stack in enumerate(stacks):
        parts.append(f'<rect x="{LEFT + 150 * number}" y="72" width="12" height="12" rx="2" fill="{COLOURS[number]}"/>')
        parts.append(_text(LEFT + 150 * number + 18, 82, stack))
    parts.append(f'<line x1="{LEFT + 300}" y1="71" x2="{LEFT + 300}" y2="85" class="w"/>')
    parts.append(_text(LEFT + 308, 82, 'where the bar is to end'))
    parts.append(_text(LEFT + WIDTH + 90, 82, 'ratio', 's'))
    y, kind = 96, None
    for test, row in rows.items():
        if test[0] != kind:
            kind, y = test[0], y + 26
            parts.append(_text(24, y, TITLES[kind], 'g'))
            y += 10
        more, y = _bars(test, row, scale, y)
        parts += more
        y += 9
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{y + 16}" viewBox="0 0 860 {y + 16}">\n'
            f'<!-- SPDX-License-Identifier: GPL-2.0-only -->\n<style>{STYLE}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n' + '\n'.join(parts) +
            '\n</svg>\n')


def profile(text_of_counts, symbols, messages):
    """Instructions per message by function: counts by address, `address name` sorted as nm prints it."""
    table = sorted((int(a, 16), n) for a, n in (line.split()[:2] for line in symbols.splitlines() if line))
    result, position = {}, 0
    for address, value in sorted((int(a, 16), int(v)) for a, v in
                                 (line.split() for line in text_of_counts.splitlines())):
        while position + 1 < len(table) and table[position + 1][0] <= address:
            position += 1
        name = table[position][1] if table and table[position][0] <= address else 'user'
        result[name] = result.get(name, 0) + value / messages
    return sorted(result.items(), key=lambda item: -item[1])

# SPDX-License-Identifier: GPL-2.0-only
"""All boots of all cells, one a line: cell, boot, devicetree, overlays."""

import glob
import os
import tomllib

CELLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'cells')

for path in sorted(glob.glob(os.path.join(CELLS, '*.toml'))):
    with open(path, 'rb') as f:
        cell = tomllib.load(f)
    name = os.path.splitext(os.path.basename(path))[0]
    for boot in cell['boot']:
        print(name, boot['name'], cell['dtb'], *boot['overlays'])

# SPDX-License-Identifier: GPL-2.0-only
# Copyright (c) 2026 linux-amp developers
"""How Sphinx makes HTML of these documents: see Makefile."""

import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))


def _version():
    # The sources may have been copied elsewhere: the tree is where make says.
    top = os.environ.get('AMP_TOP', os.path.join(HERE, '..'))
    with open(os.path.join(top, 'include', 'linux', 'amp_version.h')) as f:
        return re.search(r'AMP_VERSION\s+"(.*)"', f.read()).group(1)


project = 'linux-amp'
copyright = '2026 linux-amp developers'
release = version = _version()
extensions = []
master_doc = 'index'
exclude_patterns = ['bindings']
html_theme = 'alabaster'
html_theme_options = {'page_width': '70em', 'sidebar_width': '16em'}
html_show_sourcelink = False
highlight_language = 'none'
nitpicky = False
# What kernel-doc writes before a declaration, and the C parser does not know.
c_id_attributes = ['__percpu', '__user', '__iomem', '__must_check', '__init', '__exit', '__rcu', '__force']

#!/usr/bin/env python3
"""Makes docs/images/window-menus.png, the real window after Simulate APT, Voxelize APT and Cluster Domains from the menus,
with Apply alone, and window-state.png, the sample state in it. From the project's root:

    xvfb-run -a -s "-screen 0 1600x1000x24" tests/bench/window_pictures.py paraview PLUGIN docs/images"""
import os
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
sys.path.insert(0, os.path.join(ROOT, 'tests', 'paraview'))
from window import Window  # noqa: E402

paraview, plugin, folder = sys.argv[1:]


def take(window, name):
    window.rest(120)
    if window.errors():
        sys.exit(''.join(window.errors()))
    subprocess.run(['import', '-window', 'root', '-resize', '1200x750', '+dither', '-colors', '64', '-define', 'png:compression-filter=0',
                    'PNG8:' + os.path.join(folder, name)], check=True)


with Window(paraview, plugin) as window:
    window.do('mousemove', '200', '400', 'click', '1')
    for name in 'Simulate APT', 'Voxelize APT', 'Cluster Domains':
        window.launch(name)
        window.apply()
    take(window, 'window-menus.png')
with Window(paraview, plugin) as window:
    window.ask(f'simple.LoadState({os.path.join(ROOT, "sample_states", "csro.pvsm")!r})')
    take(window, 'window-state.png')

"""The plugin exports its entry points and nothing else."""
import os
import subprocess
import sys

listed = subprocess.run(['nm', '-D', '--defined-only', os.environ['CSRO_PLUGIN']], check=True,
                        capture_output=True, text=True).stdout
names = {line.split()[-1] for line in listed.splitlines()}
if names != {'pv_plugin_instance', 'pv_plugin_instance_APTCSRO'}:
    sys.exit(f'exported: {sorted(names)}')

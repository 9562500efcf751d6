"""The real ParaView window with the plugin: the sample state opens, defaults show what they should.
Needs a display (xvfb-run). The checks are in gui_session.py, which the window runs."""
import os
import shutil
import subprocess
import sys
import tempfile

paraview, plugin, state, session = sys.argv[1:5]
folder = tempfile.mkdtemp(prefix='csro-gui-')
settings = os.path.join(folder, '.config', 'ParaView')
environment = dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder, CSRO_GUI_FOLDER=folder,
                   CSRO_STATE=state)
environment.pop('XDG_CONFIG_HOME', None)
version = subprocess.check_output([paraview, '--version'], env=environment, text=True).split()[-1]
# a first start would cover the window with a welcome
os.makedirs(settings)
with open(os.path.join(settings, f'ParaView{version}.ini'), 'w') as file:
    file.write('[General]\nGeneralSettings.ShowWelcomeDialog=0\n')
try:
    run = subprocess.run([paraview, '--plugin-search-paths=' + os.path.dirname(plugin),
                          '--plugins=APTCSRO', '--script=' + session], env=environment, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=360)
    output, status = run.stdout, run.returncode
except subprocess.TimeoutExpired as expired:
    output, status = str(expired.stdout), 'none: it hangs'
result = os.path.join(folder, 'result')
text = open(result).read() if os.path.exists(result) else 'the window ended without a result'
if text != 'ok' or status != 0 or 'rror' in output:
    sys.exit(f'{text}\nexit status {status}, output:\n{output}')
picture = os.path.join(folder, 'state.png')
if os.path.getsize(picture) < 50000:
    sys.exit(f'{picture} shows nothing')
shutil.rmtree(folder)

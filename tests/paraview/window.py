"""Drives the real ParaView window with mouse and keyboard (xdotool) on the display that the test runs on, and asks it
questions in Python (window_session.py, which the window runs)."""
import os
import shutil
import subprocess
import tempfile
import time

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))


class Window:
    def __init__(self, paraview, plugin):
        self.folder = tempfile.mkdtemp(prefix='csro-window-')
        os.chmod(self.folder, 0o700)
        environment = dict(os.environ, HOME=self.folder, XDG_RUNTIME_DIR=self.folder, CSRO_WINDOW_FOLDER=self.folder)
        environment.pop('XDG_CONFIG_HOME', None)
        self.turn_welcome_off(paraview, environment)
        self.log = os.path.join(self.folder, 'log')
        with open(self.log, 'w') as log:
            self.process = subprocess.Popen(
                [paraview, '--plugin-search-paths=' + os.path.dirname(plugin), '--plugins=APTCSRO',
                 '--script=' + os.path.join(HERE, 'window_session.py')], env=environment, stdout=log,
                stderr=subprocess.STDOUT)
        self.wait(lambda: os.path.exists(os.path.join(self.folder, 'ready')), 120)
        self.do('search', '--sync', '--name', '^ParaView 5', 'windowsize', '1600', '1000', 'windowmove', '0', '0')
        self.rest()

    def turn_welcome_off(self, paraview, environment):
        version = subprocess.check_output([paraview, '--version'], env=environment, text=True).split()[-1]
        settings = os.path.join(self.folder, '.config', 'ParaView')
        os.makedirs(settings, exist_ok=True)
        with open(os.path.join(settings, f'ParaView{version}.ini'), 'w') as file:
            file.write('[General]\nGeneralSettings.ShowWelcomeDialog=0\n')

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        self.process.kill()
        self.process.wait()
        if error:
            print(open(self.log).read())
        shutil.rmtree(self.folder)

    def wait(self, condition, seconds):
        end = time.time() + seconds
        while time.time() < end:
            if condition():
                return
            if self.process.poll() is not None:
                raise AssertionError(f'the window has ended with {self.process.returncode}')
            time.sleep(0.1)
        raise AssertionError(f'the window has not answered for {seconds} s')

    def rest(self, seconds=60):
        """Waits until the window has nothing to do. (While filters run it shows their progress, and answers.)"""
        def used():
            words = open(f'/proc/{self.process.pid}/stat').read().rsplit(')', 1)[1].split()
            return sum(int(words[i]) for i in (11, 12)) / os.sysconf('SC_CLK_TCK')

        def waits():  # for an event; not for a processor
            return all(open(f'/proc/{self.process.pid}/task/{thread}/stat').read().rsplit(')', 1)[1].split()[0] != 'R'
                       for thread in os.listdir(f'/proc/{self.process.pid}/task'))

        def is_idle():
            before, waiting = used(), 0
            for _ in range(12):
                time.sleep(0.05)
                waiting += waits()
            return used() - before < 0.1 and waiting > 4
        self.wait(is_idle, seconds)

    def do(self, *words):
        """xdotool."""
        subprocess.run(['xdotool', *words], check=True, stdout=subprocess.DEVNULL)

    def tell(self, code):
        """Has Python in the window run code."""
        with open(os.path.join(self.folder, 'part'), 'w') as file:
            file.write(code)
        os.rename(os.path.join(self.folder, 'part'), os.path.join(self.folder, 'question.py'))

    def answer(self, seconds=60):
        """What it has printed."""
        answer = os.path.join(self.folder, 'answer')
        self.wait(lambda: os.path.exists(answer), seconds)
        text = open(answer).read()
        os.remove(answer)
        if 'Traceback' in text:
            raise AssertionError(text)
        return text.strip()

    def ask(self, code, seconds=60):
        self.tell(code)
        return self.answer(seconds)

    def value(self, expression):
        return eval(self.ask(f'print(repr({expression}))'))

    def launch(self, name):
        """Filters > Search..."""
        self.rest()
        self.do('key', 'ctrl+space')
        self.rest()
        self.do('type', '--delay', '20', name)
        self.rest()
        self.do('key', 'Return')
        self.rest()

    def picture(self):
        """The screen as rows of red, green, blue."""
        raw = subprocess.check_output(['import', '-window', 'root', '-depth', '8', 'ppm:-'])
        _, size, _, pixels = raw.split(b'\n', 3)
        width, height = map(int, size.split())
        return numpy.frombuffer(pixels, numpy.uint8).reshape(height, width, 3).astype(int)

    def click_green(self, name, left, top, bottom, least, brightness):
        """The middle of what is green between left and the right end of the panel."""
        panel = self.picture()[top:bottom, left:385]
        red, green, blue = panel[..., 0], panel[..., 1], panel[..., 2]
        rows, columns = numpy.nonzero((green > red + 25) & (green > blue + 25) & (green > brightness))
        if len(rows) < least:
            raise AssertionError(f'{name} is not active')
        self.clicked = time.time()
        self.do('mousemove', str(left + int(numpy.median(columns))), str(top + int(numpy.median(rows))), 'click', '1')

    def enter(self, place, value):
        """Types a number into the field of the panel that is so far down."""
        self.do('mousemove', '290', str(place), 'click', '--repeat', '3', '1', 'key', 'ctrl+a', 'type', str(value))
        self.do('key', 'Tab')
        self.rest()

    def apply(self, then_rest=True):
        """Clicks Apply, the one green button in the panel."""
        self.click_green('Apply', 0, 480, 540, 200, 150)
        if then_rest:
            self.rest()

    def abort(self):
        """Clicks Abort, the one red thing in the status bar, while filters execute."""
        def find():
            bar = self.picture()[970:]
            rows, columns = numpy.nonzero((bar[..., 0] > 180) & (bar[..., 1] < 80) & (bar[..., 2] < 80))
            if len(rows) < 20:
                return False
            self.do('mousemove', str(int(numpy.median(columns))), str(970 + int(numpy.median(rows))))
            return True
        self.wait(find, 30)
        time.sleep(0.5)
        self.do('click', '1')
        self.rest()

    def help(self):
        """Clicks ?, the one green thing at the right end of the panel below the pipeline."""
        self.click_green('?', 290, 480, 540, 20, 100)
        self.rest()

    def errors(self):
        return [line for line in open(self.log) if 'ERR|' in line or 'WARN|' in line]

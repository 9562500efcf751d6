"""How a batch run ends early: signals end it with exit status 128 + their number (130, 143), and what was begun is
removed, whatever ends the process. Used by csro_batch.py."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


class Ending:
    """What is to be removed, and the signal that waits. Python handles signals between its own instructions: while a
    filter runs that is in the observers of its progress (see csro_outputs.Watch), several times a second."""

    def __init__(self, program):
        self.program = program
        self.folder = None  # to be removed
        self.parent = ""  # likewise, when it is empty
        self.guard = None  # write end of the guard's pipe
        self.held = False
        self.waiting = None
        self.state = "no results were written"
        self.before_message = lambda: None
        self.abort = os._exit  # ends the process, with several ranks all of them

    def listen(self):
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:  # as nohup has it
                signal.signal(number, self._on_signal)

    def _on_signal(self, number, _frame):
        if self.held:
            self.waiting = number
            return
        self.remove()
        self.before_message()
        say(f"{self.program}: ended by {signal.Signals(number).name}, {self.state}", sys.stderr)
        self.abort(128 + number)

    @contextmanager
    def later(self):
        """Signals wait until what is done inside is whole: the results take their places."""
        signal.set_wakeup_fd(-1)
        self.held = True
        try:
            yield
        finally:
            self.held = False
        self.state = "the results are whole"
        if self.waiting:
            self._on_signal(self.waiting, None)

    def make(self, folder, with_parent):
        """Makes a folder that is gone when the run is; the folder that it is in goes too if nothing else is there."""
        self.folder = folder
        self.parent = os.path.dirname(folder) if with_parent else ""
        os.mkdir(folder, 0o700)
        self.guard = start_guard(folder, self.parent)
        if self.guard is not None:  # it hears of a signal at once, whatever this process is waiting for
            os.set_blocking(self.guard, False)
            signal.set_wakeup_fd(self.guard, warn_on_full_buffer=False)

    def remove(self):
        signal.set_wakeup_fd(-1)
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.parent:
            with suppress(OSError):
                os.rmdir(self.parent)
        if self.guard is not None:
            os.close(self.guard)
        self.folder = self.guard = None


def start_guard(folder, parent):
    """A process that removes the folder when this one has had a signal (a byte in the pipe) or is gone (the pipe is
    closed), even killed or while another rank is still writing. Returns the write end of the pipe, None without a
    guard."""
    script = ('trap "" HUP INT TERM; head -c 1; rm -rf -- "$0"; cat; rm -rf -- "$0"; '
              '[ -e "$0" ] && sleep 1 && rm -rf -- "$0"; [ -n "$1" ] && rmdir -- "$1"')
    read, write = os.pipe()
    try:
        subprocess.Popen(["/bin/sh", "-c", script, folder, parent], stdin=read, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, start_new_session=True, cwd="/")
    except OSError:
        os.close(write)
        write = None
    os.close(read)
    return write


def say(text, stream):
    """Prints a line; nobody has to listen (a closed stream, a broken pipe)."""
    try:
        print(text, file=stream or open(os.devnull, "w", encoding="utf-8"), flush=True)
    except (OSError, ValueError):
        pass

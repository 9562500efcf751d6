"""How far an analysis is, and a line that says so. Used by csro_pipeline.py and csro_batch.py; needs no ParaView."""

import collections
import time

# What a progress callback gets: the step (as in `seconds` of summary.json), of which copy (0: of the data) of how
# many, the fraction of the whole analysis that is done, the seconds so far and those still expected (None: unknown).
Progress = collections.namedtuple("Progress", "step copy copies fraction elapsed remaining")

# Relative times of the steps, until they have been measured.
WEIGHTS = {"read": 1.0, "voxelize": 1.0, "zsdm": 2.0, "classify": 12.0, "cluster": 1.0}
COMPARE = 0.01  # of the time of the data
COPY = 0.6  # likewise, of a copy that Compare Domains makes
DETECT = 1.0  # likewise, of Detect Order
STATISTICS = 0.5  # likewise


class Meter:
    """Adds up what is done. The data, and copies that are given, are passes through the same steps; after each pass
    its seconds are what every further one is expected to take. Copies that are made by the step compare are its
    parts."""

    def __init__(self, callback, steps, copies, made_by_compare=False, detects=False, injections=0,
                 measures=False):
        self.callback = callback
        self.weights = {step: WEIGHTS[step] for step in steps}
        self.copies = copies
        self.made_by_compare = made_by_compare
        self.detects = detects
        self.injections = injections
        self.measures = measures
        self.copy = 0
        self.step = steps[0]
        self.fraction = 0.0
        self.begin = time.perf_counter()
        self.measured = False  # whether weights are seconds
        self.pass_begin = self.begin
        self.share = 0.0
        self.done = 0.0
        self._plan(sum(self.weights.values()))

    def _plan(self, weight):
        """From here to the end it is the passes that are left, of this weight, and the comparison."""
        self.base = self.fraction
        passes = (not self.measured) + (0 if self.made_by_compare else self.copies - self.copy)
        self.plan_begin = time.perf_counter()
        self.after = {"compare": (COMPARE + (COPY * self.copies if self.made_by_compare else 0)) * weight,
                      "detect": DETECT * self.detects * weight,
                      "sensitivity": DETECT * self.injections * weight,
                      "statistics": STATISTICS * self.measures * weight}
        self.whole = passes * weight + sum(self.after.values())
        self.done = 0.0

    def set_copies(self, copies):
        """Called during the first pass, once the number is known."""
        self.copies = copies
        done = self.done
        self._plan(sum(self.weights.values()))
        self.base, self.done = 0.0, done

    def start(self, step, share=1.0):
        """A filter begins, which is this share of its step."""
        self.step = step
        self.share = share * (self.after[step] if step in self.after else self.weights[step])
        self._report(0.0)

    def within(self, part):
        """The filter has done this part of its work, 0 to 1."""
        part = min(max(part, 0.0), 1.0)
        if self.step == "compare" and self.made_by_compare:
            self.copy = min(int(part * self.copies) + 1, self.copies)
        self._report(self.share * part)

    def end(self):
        """The filter is ready."""
        self.done += self.share
        self.share = 0.0
        self._report(0.0)

    def end_pass(self):
        """The data or a copy are done."""
        now = time.perf_counter()
        seconds, self.pass_begin = max(now - self.pass_begin, 1e-6), now
        known = sum(self.weights.values())
        self.weights = {step: weight * seconds / known for step, weight in self.weights.items()}
        self.measured = True
        self._plan(seconds)
        if not self.made_by_compare:
            self.copy = min(self.copy + 1, self.copies)

    def finish(self):
        self.done, self.share = self.whole, 0.0
        self._report(0.0, 1.0)

    def _report(self, more, most=0.999):
        done = min((self.done + more) / self.whole, most)
        self.fraction = max(self.fraction, self.base + (1 - self.base) * done)
        if not self.callback:
            return
        elapsed = time.perf_counter() - self.begin
        if self.measured and self.made_by_compare and done > 0.01:
            remaining = (time.perf_counter() - self.plan_begin) * (1 - done) / done
        elif self.measured:
            remaining = self.whole * (1 - done)
        else:
            remaining = elapsed * (1 - self.fraction) / self.fraction if self.fraction > 0.01 else None
        self.callback(Progress(self.step, self.copy, self.copies, self.fraction, elapsed, remaining))


class Line:
    """Shows progress on a stream: on a terminal a line that changes, elsewhere a line every ten seconds."""

    def __init__(self, stream):
        self.stream = stream
        self.is_terminal = is_terminal(stream)
        self.pause = 0.2 if self.is_terminal else 10.0  # seconds
        self.shown = None
        self.is_open = False

    def __call__(self, progress):
        now = time.monotonic()
        is_last = progress.fraction >= 1
        if self.shown is not None and now - self.shown < self.pause and not is_last:
            return
        self.shown = now
        self._write(f"\r{describe(progress)}\033[K" if self.is_terminal else f"{describe(progress)}\n")
        self.is_open = self.is_terminal

    def close(self):
        """What is printed next is on a line of its own."""
        if self.is_open:
            self._write("\n")
        self.is_open = False

    def _write(self, text):
        try:
            self.stream.write(text)
            self.stream.flush()
        except (OSError, ValueError, AttributeError):  # nobody has to listen
            pass


def is_terminal(stream):
    try:
        return stream.isatty()
    except (OSError, ValueError, AttributeError):  # closed, or none at all
        return False


def describe(progress):
    """Step, percent, elapsed, expected end."""
    word = ": copy" if progress.step == "compare" else " of copy"
    of = f"{word} {progress.copy} of {progress.copies}" if progress.copy and progress.fraction < 1 else ""
    text = f"{100 * progress.fraction:3.0f} %  {progress.step}{of}, {duration(progress.elapsed)}"
    if progress.fraction >= 1 or progress.remaining is None:
        return text
    end = time.strftime("%H:%M:%S", time.localtime(time.time() + progress.remaining))
    return f"{text}, {duration(progress.remaining)} left, ends at {end}"


def duration(seconds):
    minutes, seconds = divmod(int(seconds + 0.5), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"

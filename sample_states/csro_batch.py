"""The whole CSRO analysis as one command:

    pvbatch sample_states/csro_batch.py [options]          (also under mpirun -n N)

  --ions FILE          ion file (.pos, .csv, .txt); without it: the built-in specimen
  --ranges FILE        range file (.rrng)
  --pairs A-B[,C-D]    pairs; default: El-El of every element with at least 1 % of the ranged ions
  --box=x0,x1,y0,y1,z0,z1   analysed box in nm; default: the bounds, snapped inwards to the stride
  --model FILE.xml     trained model; default: the one that ships with the plugin
  --twins K            number of label-randomised twins (default 1)
  --seed S             seed of the first twin (default 1); twin k uses S + k
  --threads T          threads per rank; default: the cores of the host over its ranks
  --reference          the published rules in every filter
  --out DIR            where the results go (default csro-output)
  --curves             write the z-SDM of every voxel too
  --render             write pictures (needs a display, e.g. xvfb-run -a)
  --extracted FILE --randomized FILE ...
                       cluster and compare ions that were extracted elsewhere

Bad arguments and bad input end with exit status 2 and one line on standard error.
"""

import argparse
import json
import os
import re
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class Failure(Exception):
    """Ends the script with exit status 2 and its text."""


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        raise Failure(message)


def parse_arguments(argv):
    parser = Arguments(prog="csro_batch.py", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--ions")
    parser.add_argument("--ranges")
    parser.add_argument("--pairs")
    parser.add_argument("--box")
    parser.add_argument("--model")
    parser.add_argument("--twins", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--out", default="csro-output")
    parser.add_argument("--curves", action="store_true")
    parser.add_argument("--render", action="store_true")
    parser.add_argument("--extracted")
    parser.add_argument("--randomized", nargs="+", default=[])
    options = parser.parse_args(argv)
    if options.help:
        print(__doc__)
        sys.exit(0)
    check_arguments(options)
    return options


def check_arguments(options):
    if options.twins < 0 or options.twins > 10000:
        raise Failure(f"--twins {options.twins}: expected 0 to 10000")
    if options.seed < 0:
        raise Failure(f"--seed {options.seed}: expected 0 or more")
    if options.threads is not None and options.threads < 1:
        raise Failure(f"--threads {options.threads}: expected 1 or more")
    if options.pairs and options.ions and not options.ranges:
        raise Failure("--pairs needs --ranges: without a range file no ion has an element")
    if options.randomized and not options.extracted:
        raise Failure("--randomized needs --extracted")
    if options.extracted and (options.ions or options.box or options.model):
        raise Failure("--extracted cannot be combined with --ions, --box or --model")
    for name in ("ions", "ranges", "model", "extracted"):
        check_file(getattr(options, name))
    for path in options.randomized:
        check_file(path)
    if options.box is not None:
        try:
            options.box = [float(number) for number in options.box.split(",")]
        except ValueError:
            options.box = [options.box]
        if len(options.box) != 6:
            raise Failure("--box: expected six numbers x0,x1,y0,y1,z0,z1 in nm")


def check_file(path):
    if path is None:
        return
    try:
        with open(path, "rb"):
            pass
    except OSError as error:
        raise Failure(f"{path}: {error.strerror}") from None


def find_plugin():
    path = os.environ.get("CSRO_PLUGIN")
    if path:
        if not os.path.isfile(path):
            raise Failure(f"{path} (environment variable CSRO_PLUGIN): no such file")
        return path
    root = os.path.dirname(HERE)
    found = []
    for base in (os.path.join(root, "build"), os.path.join(root, "lib"),
                 os.path.join(os.path.dirname(root), "lib")):
        for folder, _, files in os.walk(base):
            if "APTCSRO.so" in files:
                found.append(os.path.join(folder, "APTCSRO.so"))
    if not found:
        raise Failure("the plugin APTCSRO.so is neither in the build nor in the install tree beside "
                      "this script: build it, or set the environment variable CSRO_PLUGIN")
    return max(found, key=os.path.getmtime)


class Pipeline:
    """The proxies of one run, with the time and the first error of every update."""

    def __init__(self, options):
        from paraview import simple
        self.simple = simple
        self.options = options
        self.seconds = dict.fromkeys(
            ("read", "voxelize", "zsdm", "classify", "extract", "cluster", "compare", "total"), 0.0)
        self.errors = []
        simple.LoadPlugin(find_plugin(), ns=self.__dict__)

    def update(self, proxy, step=None):
        """Runs a filter; its error message becomes a Failure."""
        begin = time.perf_counter()
        proxy.UpdatePipeline()
        if step:
            self.seconds[step] += time.perf_counter() - begin
        if self.errors:
            raise Failure(self.errors[0])
        return proxy

    def make(self, name, **properties):
        """A proxy whose errors are collected instead of printed."""
        from vtkmodules.vtkCommonCore import VTK_STRING

        def collect(_object, _event, text):
            text = re.sub(r"^ERROR: In .*?, line \d+\s*", "", text)
            text = re.sub(r"^\w+ \(0x[0-9a-f]+\): ", "", text)
            self.errors.append(" ".join(text.split()))

        collect.CallDataType = VTK_STRING
        proxy = getattr(self, name)(**properties)
        proxy.GetClientSideObject().AddObserver("ErrorEvent", collect)
        return proxy

    def table(self, proxy, port=0):
        """A table output as {column name: list}."""
        from paraview import servermanager
        table = servermanager.Fetch(servermanager.OutputPort(proxy.SMProxy and proxy, port))
        return columns_of(table)

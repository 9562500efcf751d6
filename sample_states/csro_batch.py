"""The whole CSRO analysis as one command:

    pvbatch sample_states/csro_batch.py [options]          (also under mpirun -n N)

  --ions FILE          ion file (.pos, .epos, .apt, .csv, .txt); without it: the built-in specimen
  --ranges FILE        range file (.rrng, .rng, .env)
  --pairs A-B[,C-D]    pairs; default: El-El of every element with at least 1 % of the ranged ions
  --box=x0,x1,y0,y1,z0,z1   analysed box in nm; default: the bounds, snapped inwards to the stride
  --model NAME|FILE    trained model: one that ships with the plugin (cocrni-002, the default;
                       cocrni-111; feal-002, with voxels as in its training) or a file (.xml)
  --copies K            number of randomised copies (default 1)
  --seed S             seed of the first copy (default 1); copy k uses S + k
  --threads T          threads per rank; default: OMP_NUM_THREADS, else the cores of the host
                       over its ranks
  --reference          the published rules in every filter
  --out DIR            where the results go (default csro-output)
  --curves             keep and write the z-SDM of every voxel too (20 to 40 bytes per ion and pair more)
  --render             write pictures (needs a display, e.g. xvfb-run -a)
  --force              replace files of the names of results in a DIR that no earlier run has written
  --extracted FILE --randomized FILE ...
                       cluster and compare ions that were extracted elsewhere

Bad arguments and bad input end with exit status 2 and one line on standard error; SIGINT, SIGTERM and
SIGHUP with 130, 143 and 129. Results appear together at the end or not at all. Files in DIR that are
none of an earlier run stay as they are.
"""

import argparse
import glob
import json
import os
import re
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

from csro_ending import Ending, say  # noqa: E402
from csro_files import Failure, check_readable, writing  # noqa: E402
from csro_results import Results  # noqa: E402


# What ships, by name: as Classify CSRO calls it, and the voxels and curves it was trained on where
# these are not the default ones.
MODELS = {
    "cocrni-002": ("CoCrNi 002", {}, {}),
    "cocrni-111": ("CoCrNi 111", {}, {}),
    "feal-002": ("Fe-Al 002", {"BallRadius": 0.5}, {"Partners": "In the whole data"}),
}


MOST_THREADS = 4096  # as the filters have it
THREADS_PER_CORE = 4


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
    parser.add_argument("--copies", type=whole_number, default=1)
    parser.add_argument("--seed", type=whole_number, default=1)
    parser.add_argument("--threads", type=whole_number)
    parser.add_argument("--reference", action="store_true")
    parser.add_argument("--out", default="csro-output")
    parser.add_argument("--curves", action="store_true")
    parser.add_argument("--render", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--extracted")
    parser.add_argument("--randomized", nargs="+", default=[])
    options = parser.parse_args(argv)
    if options.help:
        print(__doc__)
        sys.exit(0)
    check_arguments(options)
    return options


def whole_number(text):
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"'{text[:40]}', expected a whole number")
    return int(text)


def check_threads(options):
    """More than a few threads per core only cost time: they are lowered, which changes no result."""
    if options.threads is None:
        return
    if not 1 <= options.threads <= MOST_THREADS:
        raise Failure(f"--threads {options.threads}: expected 1 to {MOST_THREADS}")
    most = THREADS_PER_CORE * (os.cpu_count() or 1)
    if options.threads > most:
        say(f"csro_batch.py: --threads {options.threads}: lowered to {most}, {THREADS_PER_CORE} for each core of "
            "this host", sys.stderr)
        options.threads = most


def check_arguments(options):
    if options.copies < 0 or options.copies > 10000:
        raise Failure(f"--copies {options.copies}: expected 0 to 10000")
    if options.seed < 0 or options.seed + options.copies > 2**31 - 1:
        raise Failure(f"--seed {options.seed}: expected 0 to {2**31 - 1 - options.copies}")
    check_threads(options)
    if options.ranges and not (options.ions or options.extracted):
        raise Failure("--ranges needs --ions or --extracted")
    if options.extracted and options.curves:
        raise Failure("--extracted has no curves: --curves cannot be combined with it")
    if options.pairs and options.ions and not options.ranges:
        raise Failure("--pairs needs --ranges: without a range file no ion has an element")
    if options.extracted and options.pairs and not options.pairs.strip(" ,;"):
        raise Failure(f"--pairs {options.pairs}: expected pairs of species as in Ni-Ni,Co-Cr")
    if options.randomized and not options.extracted:
        raise Failure("--randomized needs --extracted")
    if options.extracted and (options.ions or options.box or options.model):
        raise Failure("--extracted cannot be combined with --ions, --box or --model")
    for path in (options.ions, options.ranges, options.extracted, *options.randomized):
        if path is not None:
            check_readable(path)
    check_model(options.model)
    if options.box is not None and not options.box.strip():
        raise Failure("--box: empty, expected six numbers x0,x1,y0,y1,z0,z1 in nm")


def check_model(name):
    if name is None or name in MODELS:
        return
    try:
        check_readable(name)
    except Failure as failure:
        raise Failure(f"{failure}; models that ship: {', '.join(MODELS)}") from None


def find_plugin():
    path = os.environ.get("CSRO_PLUGIN")
    if path:
        if not os.path.isfile(path):
            raise Failure(f"{path} (environment variable CSRO_PLUGIN): no such file")
        return path
    tail = os.path.join("paraview-*", "plugins", "APTCSRO", "APTCSRO.so")
    build = os.path.join(os.path.dirname(HERE), "build", "*", "lib", tail)
    installed = os.path.join(HERE, "..", "..", "..", "lib")  # HERE is share/apt-csro/sample_states
    found = [path for pattern in (build, os.path.join(installed, tail),
                                  os.path.join(installed, "*", tail))
             for path in glob.glob(pattern)]
    if not found:
        raise Failure("the plugin APTCSRO.so is neither in the build nor in the install tree beside "
                      "this script: build it, or set the environment variable CSRO_PLUGIN")
    return max(found, key=os.path.getmtime)


def columns_of(table):
    """A vtkTable as {column name: list of values}."""
    columns = {}
    for c in range(table.GetNumberOfColumns()):
        column = table.GetColumn(c)
        columns[column.GetName()] = [column.GetValue(r) for r in range(table.GetNumberOfRows())]
    return columns


def is_whole(path):
    """Whether a VTK XML file has its end."""
    try:
        with open(path, "rb") as file:
            file.seek(-min(64, os.path.getsize(path)), os.SEEK_END)
            return file.read().rstrip().endswith(b"</VTKFile>")
    except OSError:
        return False


def read_error(text):
    """The message inside what VTK sends with an ErrorEvent."""
    text = re.sub(r"^\s*ERROR: In .*?, line \d+\s*", "", text)
    text = re.sub(r"^\w+ \((0x)?[0-9a-f]+\): ", "", text)
    return " ".join(text.split())


class Pipeline:
    """The proxies of one run, the seconds of each step, the first error of each update."""

    def __init__(self, options):
        from paraview import simple
        self.simple = simple
        self.options = options
        self.folder = None  # for temporary files; None: that of the system
        self.begin = time.perf_counter()
        self.seconds = dict.fromkeys(
            ("read", "voxelize", "zsdm", "classify", "extract", "cluster", "compare", "total"), 0.0)
        self.errors = []
        simple._DisableFirstRenderCameraReset()
        plugin = find_plugin()
        try:
            simple.LoadPlugin(plugin, ns=globals())
        except RuntimeError:
            raise Failure(f"{plugin}: is no plugin that this ParaView can load") from None

    def listen(self, proxy):
        """Collects the errors of a proxy instead of printing them."""
        from vtkmodules.util.misc import calldata_type
        from vtkmodules.util.vtkConstants import VTK_STRING

        @calldata_type(VTK_STRING)
        def collect(_object, _event, text):
            self.errors.append(read_error(text))

        algorithm = proxy.GetClientSideObject()
        algorithm.AddObserver("ErrorEvent", collect)
        algorithm.AddObserver("ProgressEvent", lambda *_: None)  # Python handles its signals there

    def update(self, step, constructor, **properties):
        """Makes a filter and runs it; its error becomes a Failure."""
        begin = time.perf_counter()
        proxy = constructor(**properties)
        self.listen(proxy)
        if self.options.threads:
            proxy.Threads = self.options.threads
        proxy.UpdatePipeline()
        self.seconds[step] += time.perf_counter() - begin
        if self.errors:
            raise Failure(self.errors[0])
        return proxy

    def save(self, path, proxy, **properties):
        """Writes a VTK XML file. The writers report a full disk to nobody, so the ends of the files
        are looked at: of the file itself and of the pieces of the ranks."""
        writer = self.simple.CreateWriter(path, proxy, DataMode="Binary", **properties)
        self.listen(writer)
        writer.UpdatePipeline()
        self.release(writer)
        pieces = glob.glob(os.path.join(glob.escape(os.path.splitext(path)[0]), "*"))
        for file in [path, *pieces]:
            if not is_whole(file):
                raise Failure(f"{os.path.basename(file)}: could not be written whole")

    def output(self, proxy, port=0):
        """The output of the root rank: tables and field arrays are complete there."""
        return proxy.GetClientSideObject().GetOutputDataObject(port)

    def field(self, proxy, name, port=0):
        """A field array as a list."""
        array = self.output(proxy, port).GetFieldData().GetAbstractArray(name)
        return [array.GetValue(i) for i in range(array.GetNumberOfValues())]

    def information(self, proxy, name):
        """An information-only property."""
        proxy.UpdatePropertyInformation()
        return proxy.GetProperty(name).GetElement(0)

    def port(self, proxy, port):
        return self.simple.OutputPort(proxy, port)

    # --- the steps ---

    def read(self):
        options = self.options
        if not options.ions:
            return self.update("read", SimulateAPT)
        return self.update("read", APTReader, FileName=options.ions,
                           RangesFileName=options.ranges or "")

    def voxelize(self, ions):
        properties = {"Input": ions, **self.model()[1]}
        if self.options.box:
            properties.update(BoxMode="Given", BoxText=self.options.box)
        return self.update("voxelize", VoxelizeAPT, **properties)

    def model(self):
        """Properties that the model asks for, of Classify CSRO, Voxelize APT and Compute ZSDM."""
        name = self.options.model or "cocrni-002"
        if name not in MODELS:
            return {"ModelFile": name}, {}, {}
        text, voxels, curves = MODELS[name]
        return {"ShippedModel": text}, voxels, curves

    def classify(self, ions):
        """Voxels, curves and probabilities of one set of ions."""
        options = self.options
        model, _, of_curves = self.model()
        voxels = self.voxelize(ions)
        curves = self.update("zsdm", ComputeZSDM, Input=ions, Voxels=voxels,
                             Pairs=options.pairs or "", KeepCurves=int(options.curves), **of_curves)
        if not options.curves:
            model = {"Ions": ions, **model}
        classified = self.update("classify", ClassifyCSRO, Input=curves, **model,
                                 ReferenceMode=int(options.reference))
        return voxels, curves, classified

    def cluster(self, ions, classified=None, score=None):
        properties = {"Input": ions, "ReferenceMode": int(self.options.reference)}
        if classified:
            properties.update(Pixels=self.port(classified, 1), ScoreArray=score,
                              Threshold=self.field(classified, "ScoreThreshold", 1)[0])
        domains = self.update("cluster", ClusterDomains, **properties)
        extract = self.information(domains, "ExtractSeconds")
        self.seconds["extract"] += extract
        self.seconds["cluster"] -= extract
        return domains

    def compare(self, domains, histograms):
        """The domains against the size histograms of copies, of which nothing else is left."""
        import tempfile
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            copies = []
            for k, histogram in enumerate(histograms):
                path = os.path.join(folder, f"{k}.csv")
                write_table(path, {"Domains": histogram})
                copies.append(self.simple.CSVReader(FileName=[path]))
            return self.update("compare", CompareDomains, Domains=domains, Copies=copies)

    def release(self, *proxies):
        """Frees what these filters have made; those that use it go first."""
        for proxy in proxies:
            self.simple.Delete(proxy)


def number(value):
    """JSON has no NaN: undefined numbers are null."""
    return None if value != value else value


def domain_counts(pipeline, domains):
    """What summary.json says about one set of domains."""
    rows = columns_of(pipeline.output(domains, 1))
    sizes = rows["Size"]
    extracted = domains.GetDataInformation().GetNumberOfPoints()
    return {
        "ions_extracted": extracted,
        "domains": len(sizes),
        "noise": extracted - sum(sizes),
        "largest": max(sizes, default=0),
        "size_histogram": columns_of(pipeline.output(domains, 2))["Domains"],
    }


def scores_of(pipeline, classified):
    """[(name of the score, key in summary.json, its pairs)]. Names of arrays cannot be taken apart
    (species may have any name): the pixels say what each of their scores is about."""
    cells = pipeline.output(classified, 1).GetCellData()
    names = [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())]
    names = [name for name in names if name.startswith("Score_")]
    classes = pipeline.field(classified, "ScoreClasses", 1)
    pairs = pipeline.field(classified, "ScorePairs", 1)
    channels = len(pairs) // len(names)
    scores = []
    for i, (name, label) in enumerate(zip(names, classes)):
        own = pairs[channels * i:channels * (i + 1)]
        key = "+".join(own)
        scores.append((name, f"{key}:{label}" if len(set(classes)) > 1 else key, own))
    return scores


def file_name(key):
    return re.sub(r"[:/\\\0-\x1f]", "_", key)


class Entry:
    """One pair (or pairs and class): its domains, those of its copies, the comparison."""

    def __init__(self, pipeline, key, pairs, domains, counts, copies):
        self.key = key
        self.pairs = pairs  # columns of the table of curves
        self.name = file_name(key)
        self.domains = domains
        self.comparison = pipeline.compare(domains, [copy["size_histogram"] for copy in copies])
        self.summary = dict(counts, copies=copies)
        self.add_statistics(columns_of(pipeline.output(self.comparison)), bool(copies))

    def add_statistics(self, row, copies):
        value = {name: number(column[0]) for name, column in row.items()}
        self.summary["number_density_m3"] = value["NumberDensity_m3"]
        if not copies:
            return
        self.summary.update(
            pcc=value["PCC"], chi2=value["Chi2"], bins_used=value["BinsUsed"],
            n_total=value["NTotal"], mu=value["Mu"],
            mu_null={"mean": value["MuNullMean"], "p95": value["MuNullP95"],
                     "p_value": value["MuPValue"]})


def score_counts(pipeline, curves, classified, score, pairs):
    """Counts of the steps before clustering."""
    suffix = score[len("Score_"):]
    table = pipeline.output(curves, 1)  # dz, then one column per pair, and in this order the sums
    fields = table.GetFieldData()
    names = [fields.GetArrayName(i) for i in range(fields.GetNumberOfArrays())]
    sums = [name for name in names if name.startswith("CountSum_")]
    sum_of = {table.GetColumnName(i + 1): pipeline.field(curves, name, 1)[0]
              for i, name in enumerate(sums)}
    return {"voxels_defined": pipeline.field(classified, f"VoxelsDefined_{suffix}")[0],
            "voxels_overflowed": pipeline.field(classified, f"VoxelsOverflowed_{suffix}")[0],
            "zsdm_count_sum": sum(sum_of[pair] for pair in pairs)}


def counted_domains(pipeline, ions, curves, classified, score, _key, pairs):
    """The domains of one score, and what summary.json says about them."""
    domains = pipeline.cluster(ions, classified, score)
    return domains, {**score_counts(pipeline, curves, classified, score, pairs),
                     "pixels_selected": pipeline.field(domains, "PixelsSelected")[0],
                     **domain_counts(pipeline, domains)}


def copy_counts(pipeline, ions, seed, scores):
    """What summary.json says about the domains of one copy, for each score. Nothing else of it
    stays in memory."""
    copy = pipeline.update("read", RandomizeIons, Input=ions, Seed=seed)
    voxels, curves, classified = pipeline.classify(copy)
    all_counts = []
    for score in scores:
        domains, counts = counted_domains(pipeline, copy, curves, classified, *score)
        all_counts.append(counts)
        pipeline.release(domains)
    pipeline.release(classified, curves, voxels, copy)
    return all_counts


def analyse(pipeline):
    """From ions to the entries of summary.json."""
    options = pipeline.options
    ions = pipeline.read()
    voxels, curves, classified = pipeline.classify(ions)
    scores = scores_of(pipeline, classified)
    found = [counted_domains(pipeline, ions, curves, classified, *score) for score in scores]
    copies = [copy_counts(pipeline, ions, options.seed + k, scores) for k in range(options.copies)]
    entries = [Entry(pipeline, key, pairs, domains, counts, [copy[i] for copy in copies])
               for i, ((_, key, pairs), (domains, counts)) in enumerate(zip(scores, found))]
    names = pipeline.field(voxels, "SpeciesNames")
    species = dict(zip(names, pipeline.field(voxels, "SpeciesCounts")))
    extent = voxels.GetDataInformation().GetExtent()  # ranks share layers of points
    n = 1
    for axis in range(3):
        n *= extent[2 * axis + 1] - extent[2 * axis] + 1
    return ions, curves, classified, entries, {
        "ions": ions.GetDataInformation().GetNumberOfPoints(), "species": species, "voxels": n}


def analyse_extracted(pipeline):
    """Clusters and compares ions that were extracted elsewhere."""
    options = pipeline.options
    key = (options.pairs or "extracted").strip()

    def read(path):
        return pipeline.update("read", APTReader, FileName=path, RangesFileName=options.ranges or "")

    ions = read(options.extracted)
    domains = pipeline.cluster(ions)
    unknown = {"voxels_defined": None, "voxels_overflowed": None, "zsdm_count_sum": None, "pixels_selected": None}

    def copy_of(path):
        ions = read(path)
        domains = pipeline.cluster(ions)
        counts = dict(unknown, **domain_counts(pipeline, domains))
        pipeline.release(domains, ions)
        return counts

    entry = Entry(pipeline, key, [], domains, dict(unknown, **domain_counts(pipeline, domains)),
                  [copy_of(path) for path in options.randomized])
    count = ions.GetDataInformation().GetNumberOfPoints()
    species = count_species(pipeline, ions) if options.ranges else {"unranged": count}
    return [entry], {"ions": count, "species": species, "voxels": None}


def count_species(pipeline, ions):
    """Ions of each species, as Voxelize APT counts them."""
    ranged = pipeline.update("read", RangeIons, Input=ions)
    table = columns_of(pipeline.output(ranged, 1))
    unranged = pipeline.field(ranged, "Unranged", 1)[0]
    return {"unranged": unranged, **dict(zip(table["Name"], table["Count"]))}


# --- results ---


def write_table(path, columns):
    import csv
    with writing(path), open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))


def write_results(pipeline, folder, curves, classified, entries):
    """Data files of the run. VTK files are in Binary mode: ParaView 5.11 on Debian 12 cannot read
    Appended ones."""
    parallel = "p" if ranks() > 1 else ""
    points = pipeline.output(classified).GetPointData()
    names = [points.GetArrayName(i) for i in range(points.GetNumberOfArrays())]
    if not pipeline.options.curves:
        names = [name for name in names if not name.startswith("zSDM_")]
    pipeline.save(os.path.join(folder, f"voxels.{parallel}vti"), classified, ChooseArraysToWrite=1,
                  PointDataArrays=names)
    table = columns_of(pipeline.output(curves, 1))
    for entry in entries:
        columns = {name: values for name, values in table.items()
                   if name == "dz_nm" or name in entry.pairs}
        name = file_name("+".join(entry.pairs))
        write_table(os.path.join(folder, f"curves_{name}.csv"), columns)


def write_domains(pipeline, folder, entries):
    parallel = "p" if ranks() > 1 else ""
    for entry in entries:
        base = os.path.join(folder, f"domains_{entry.name}")
        pipeline.save(f"{base}.{parallel}vtp", entry.domains)
        write_table(f"{base}.csv", columns_of(pipeline.output(entry.domains, 1)))


def ranks():
    from vtkmodules.vtkParallelCore import vtkMultiProcessController
    controller = vtkMultiProcessController.GetGlobalController()
    return controller.GetNumberOfProcesses() if controller else 1


def report(summary):
    for key, pair in summary["pairs"].items():
        text = f"{key}: {pair['domains']} domains of {pair['ions_extracted']} ordered ions"
        if pair["number_density_m3"]:
            text += f", {pair['number_density_m3']:.3g} per m3"
        if pair["copies"]:
            text += f"; copy: {pair['copies'][0]['domains']} domains"
        if pair.get("mu") is not None:
            text += f"; mu {pair['mu']:.3f}"
            if pair["mu_null"]["p95"] is not None:
                text += (f" (null: mean {pair['mu_null']['mean']:.3f}, 95 % below "
                         f"{pair['mu_null']['p95']:.3f}, p = {pair['mu_null']['p_value']:.3g})")
        say(text, sys.stdout)
    say(f"{summary['seconds']['total']:.1f} s, "
        f"{summary['peak_memory_bytes'] / 2**20:.0f} MiB at the most", sys.stdout)


def work(pipeline, folder):
    """The whole analysis; its files go into the folder."""
    options = pipeline.options
    if options.extracted:
        ions, curves, classified = None, None, None
        entries, summary = analyse_extracted(pipeline)
    else:
        ions, curves, classified, entries, summary = analyse(pipeline)
        write_results(pipeline, folder, curves, classified, entries)
    write_domains(pipeline, folder, entries)
    if options.render:
        import csro_pictures
        spectrum = ions and MassSpectrum(Input=ions, UpperLimit=csro_pictures.heaviest_mass(ions))
        csro_pictures.draw(pipeline, folder, ions, spectrum, curves, entries)
    pipeline.seconds["total"] = time.perf_counter() - pipeline.begin
    last = entries[-1].domains
    return {
        "version": pipeline.information(last, "Version"), **summary, "ranks": ranks(),
        "threads": pipeline.information(last, "ThreadsUsed"),
        "peak_memory_bytes": int(pipeline.information(last, "PeakMemory")),
        "seconds": {step: round(value, 6) for step, value in pipeline.seconds.items()},
        "pairs": {entry.key: entry.summary for entry in entries}}


def run(options, ending):
    pipeline = Pipeline(options)
    if ranks() > 1:
        ending.abort = abort_ranks
    with Results(options.out, options.force, ending) as results:
        pipeline.folder = results.folder
        summary = work(pipeline, results.folder)
        path = os.path.join(results.folder, "summary.json")
        with writing(path), open(path, "w", encoding="utf-8") as file:
            json.dump(summary, file, indent=1, allow_nan=False)
            file.write("\n")
        results.place()
    report(summary)


def main():
    ending = Ending("csro_batch.py")
    ending.listen()
    try:
        run(parse_arguments(sys.argv[1:]), ending)
    except Failure as failure:
        say(f"csro_batch.py: {failure}", sys.stderr)
        return 2
    except OSError as error:
        say(f"csro_batch.py: {error.filename or 'input or output'}: {error.strerror}", sys.stderr)
        return 2
    return 0


def abort_ranks(status):
    from mpi4py import MPI
    MPI.COMM_WORLD.Abort(status)


def leave(status):
    """Ends the process with an exit status. pvbatch would leave the other ranks waiting."""
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.flush()
    if ranks() > 1:
        from vtkmodules.vtkParallelCore import vtkMultiProcessController
        vtkMultiProcessController.GetGlobalController().TriggerBreakRMIs()
    from mpi4py import MPI
    if MPI.Is_initialized() and not MPI.Is_finalized():
        MPI.COMM_WORLD.Barrier()  # as the other ranks do at their end
        MPI.Finalize()
    os._exit(status)


if __name__ == "__main__":
    status = main()
    if status != 0:
        leave(status)

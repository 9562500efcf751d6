"""The whole CSRO analysis as functions, for pvpython, pvbatch, macros and notebooks:

    import csro_pipeline
    found = csro_pipeline.analyse("specimen.pos", "specimen.rrng", pairs="Ni-Ni", copies=19)
    found.results["pairs"]["Ni-Ni"]["sentence"]
    found.domains["Ni-Ni"]      # a proxy: Show it, SaveData it, or work on with it

All errors are Failure. Runs where the data are: in the window with its built-in server, pvpython, pvbatch (also
under mpirun), not in the client of a pvserver. The environment variable CSRO_PLUGIN may name the plugin's file.
"""

import glob
import operator
import os
import re
import sys
import time
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from csro_files import Failure, check_readable  # noqa: E402
from csro_progress import Meter  # noqa: E402

# What ships, by name: as Classify CSRO calls it, and the voxels and curves it was trained on where
# these are not the default ones.
MODELS = {
    "cocrni-002": ("CoCrNi 002", {}, {}),
    "cocrni-111": ("CoCrNi 111", {}, {}),
    "feal-002": ("Fe-Al 002", {"BallRadius": 0.5}, {"Partners": "In the whole data"}),
}
COPIES = 19  # the smallest number that p = 0.05 is possible with
COPIES_OF_MANY = 4
MANY = 20_000_000  # ions
MOST_COPIES = 10000
MOST_THREADS = 4096  # as the filters have it
THREADS_PER_CORE = 4
PLANTED = 400  # domains of unknown order, and again of that which is found
INJECTIONS = 5  # at most, of each
DIAMETERS = [1.0, 1.3, 1.6, 2.0, 3.0, 5.0, 8.0, 12.0]  # nm, edges of size classes
PLANTED_DENSITY, PLANTED_SHARE = 0.015, 0.03  # per nm^3, and of the volume, at most
ANY_ORDER = [0.3, 1]


def analyse(ions=None, ranges=None, pairs=None, box=None, model=None, copies=None, seed=1, exchange=None, within=None,
            threads=None, reference=False, force=False, detect=None, align=False, curves=False, progress=None,
            sensitivity=False):
    """Finds the ordered domains of a specimen and compares them with those of its randomised copies.

    ions       ion file (.pos, .epos, .ato, .apt, .csv, .txt), or a source or filter of ParaView that gives ions;
               None: the built-in specimen
    ranges     range file (.rrng, .rng, .env)
    pairs      "Ni-Ni,Co-Cr" or a list of such; None: El-El of every element but H with at least 1 % of the ranged
               ions
    box        six numbers x0, x1, y0, y1, z0, z1 in nm, or a text of them; None: the bounds, snapped inwards
    model      one of MODELS or a model file; None: cocrni-002
    copies     number of randomised copies, 0 or more; None: 19, above 20 million ions 4
    seed       of the first copy; copy k uses seed + k
    exchange   "ranged": the ranged ions exchange labels in copies; "all": all ions, as published; None: "ranged", but
               "all" for the reference
    within     "all": in the whole data set, or a number: in neighbourhoods of at least so many ions; None: "all"
    threads    per rank; None: OMP_NUM_THREADS, else the cores of the host over its ranks
    reference  the published rules in every filter
    force      go on, with a warning, where the lattice planes of the data are none of the model
    detect     whether Detect Order runs beside the published chain, for all species; None: True, but False for the
               reference
    align      rotate the ions first so that the lattice planes lie across z (Find Pole)
    curves     keep the z-SDM of every voxel (20 to 40 bytes per ion and pair more)
    progress   called with a csro_progress.Progress, whose fraction rises to 1
    sensitivity  plant domains into the ions and see which Detect Order finds: what would have been found, and the
               density of domains corrected for what is not

    Returns an Analysis. After an error nothing of the analysis is left in the pipeline.
    """
    settings = checked_settings(ions, ranges, pairs, box, model, copies, seed, exchange, within, threads, reference, force,
                                detect, align, curves, sensitivity)
    meter = Meter(progress, ("read", "voxelize", "zsdm", "classify", "cluster"), COPIES if copies is None else copies,
                  made_by_compare=True, detects=settings.detect, injections=2 * INJECTIONS * settings.sensitivity)
    with Pipeline(settings, meter) as pipeline:
        return whole_analysis(pipeline)


def analyse_extracted(ions, randomized=(), ranges=None, key=None, threads=None, reference=False, progress=None):
    """Clusters and compares ions that were extracted elsewhere: file names of the ions and of those of randomised
    copies. key: what the result is called (default "extracted"); the rest as in analyse."""
    check_values(None, len(randomized), 0, threads)
    for path in (ions, ranges, *randomized):
        if path is not None:
            check_readable(path)
    settings = SimpleNamespace(ranges=ranges, threads=usable_threads(threads), reference=bool(reference))
    with Pipeline(settings, Meter(progress, ("read", "cluster"), len(randomized))) as pipeline:
        return extracted_analysis(pipeline, ions, randomized, (key or "extracted").strip())


def build(ions=None, ranges=None, pairs=None, box=None, model=None, copies=COPIES, seed=1, detect=True, show=True):
    """The whole analysis as a pipeline to look at and to change: sources and filters with names, and (show) views of
    what they find: domains, their sizes and the mean z-SDM in one layout, tables in a second one. In the window it is
    CSRO > CSRO Analysis.

    Arguments as in analyse; without pairs, z-SDMs are of every element with itself, domains of the most ordered pair.
    Returns proxies: ions, quality, pole, voxels, curves, classified, ordered (None without detect); domains and
    comparison by pair; and warnings, a list of texts.
    """
    settings = checked_settings(ions, ranges, pairs, box, model, copies, seed, curves=True, detect=bool(detect))
    meter = Meter(None, ("read", "voxelize", "zsdm", "classify", "cluster"), copies, made_by_compare=True,
                  detects=settings.detect)
    with Pipeline(settings, meter) as pipeline:
        built = found_domains(pipeline)
        if not show:
            return compared_domains(pipeline, built)
        from csro_pictures import AnalysisViews
        views = AnalysisViews(pipeline.simple, built)  # copies take their time
        views.show_comparison(compared_domains(pipeline, built))
        return built


def build_in_window(ions, ranges, pairs, copies):
    """What the dialog CSRO Analysis does: errors and warnings are lines of Output Messages."""
    from vtkmodules.vtkCommonCore import vtkOutputWindow
    messages = vtkOutputWindow.GetInstance()
    try:
        for warning in build(ions, ranges, pairs, copies=copies).warnings:
            messages.DisplayWarningText(warning + "\n")
    except Failure as failure:
        messages.DisplayErrorText(f"CSRO Analysis: {failure}\n")


# --- arguments ---


def checked_settings(ions, ranges, pairs, box, model, copies, seed, exchange=None, within=None, threads=None,
                     reference=False, force=False, detect=None, align=False, curves=False, sensitivity=False):
    """Arguments of analyse as attributes."""
    check_values(box, copies, seed, threads)
    check_model(model)
    is_source = hasattr(ions, "SMProxy")
    if ranges and ions is None:
        raise Failure("ranges needs ions: the built-in specimen has species")
    if pairs and ions is not None and not is_source and not ranges:
        raise Failure("pairs needs ranges: without a range file no ion has an element")
    for path in (None if is_source else ions, ranges):
        if path is not None:
            check_readable(path)
    if sensitivity and (reference if detect is None else not detect):
        raise Failure("sensitivity needs detect: it says what Detect Order finds")
    return SimpleNamespace(
        ions=ions, is_source=is_source, ranges=ranges, pairs=join(pairs), box=join(box), model=model or "cocrni-002",
        copies=copies, seed=seed, rules=copy_rules(exchange, within, reference), threads=usable_threads(threads),
        reference=bool(reference), force=bool(force), align=bool(align),
        detect=not reference if detect is None else bool(detect), curves=bool(curves), sensitivity=bool(sensitivity))


def check_values(box, copies, seed, threads):
    if box is not None and not join(box).strip():
        raise Failure("box: empty, expected six numbers x0,x1,y0,y1,z0,z1 in nm")
    if copies is not None:
        check_whole("copies", copies, 0, MOST_COPIES)
    check_whole("seed", seed, 0, 2**31 - 1 - (COPIES if copies is None else copies))
    if threads is not None:
        check_whole("threads", threads, 1, MOST_THREADS)


def check_whole(name, value, lowest, highest):
    try:
        is_inside = lowest <= operator.index(value) <= highest
    except TypeError:
        is_inside = False
    if not is_inside:
        raise Failure(f"{name} {value}: expected {lowest} to {highest}")


def copy_rules(exchange, within, reference):
    """Properties of Randomize Ions."""
    exchange = exchange or ("all" if reference else "ranged")
    if exchange not in ("ranged", "all"):
        raise Failure(f"exchange {exchange}: expected ranged or all")
    rules = {"Exchange": "All ions" if exchange == "all" else "Ranged ions"}
    if within in (None, "all"):
        return rules
    try:
        ions = int(within)
    except ValueError:
        raise Failure(f"within {within}: expected all or a number of ions") from None
    check_whole("within", ions, 100, 2**31 - 1)
    return {**rules, "Within": "Neighbourhoods", "NeighbourhoodIons": ions}


def exchange_of(rules):
    """What summary.json says about them."""
    return {"exchange": "all" if rules["Exchange"] == "All ions" else "ranged",
            "within": rules.get("NeighbourhoodIons", "all")}


def check_model(name):
    if name is None or name in MODELS:
        return
    try:
        check_readable(name)
    except Failure as failure:
        raise Failure(f"{failure}; models that ship: {', '.join(MODELS)}") from None


def usable_threads(threads):
    """More than a few threads per core only cost time: they are lowered, which changes no result."""
    return threads and min(threads, THREADS_PER_CORE * (os.cpu_count() or 1))


def join(values):
    """A text, or the text of what may also be a list."""
    return values if values is None or isinstance(values, str) else ",".join(str(value) for value in values)


def default_copies(ions):
    return COPIES_OF_MANY if ions > MANY else COPIES


# --- the plugin ---


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


def is_loaded():
    """Whether this ParaView has the plugin already."""
    from paraview.modules.vtkRemotingCore import vtkPVPluginTracker
    tracker = vtkPVPluginTracker.GetInstance()
    return any(tracker.GetPluginName(i) == "APTCSRO" and tracker.GetPluginLoaded(i)
               for i in range(tracker.GetNumberOfPlugins()))


def load_plugin():
    """Loads the plugin if need be. Returns the constructors of sources and filters, as in load_plugin().VoxelizeAPT;
    nothing is added to paraview.simple."""
    from paraview import simple
    names = {"simple": simple}  # (into an empty one ParaView puts nothing)
    if is_loaded():  # pvbatch prints an error when a plugin is loaded twice
        simple._add_functions(names)
        return SimpleNamespace(**names)
    plugin = find_plugin()
    try:
        simple.LoadPlugin(plugin, ns=names)
    except RuntimeError:
        raise Failure(f"{plugin}: is no plugin that this ParaView can load") from None
    return SimpleNamespace(**names)


def ranks():
    from vtkmodules.vtkParallelCore import vtkMultiProcessController
    controller = vtkMultiProcessController.GetGlobalController()
    return controller.GetNumberOfProcesses() if controller else 1


# --- what the filters say ---


def columns_of(table):
    """A vtkTable as {column name: list of values}."""
    columns = {}
    for c in range(table.GetNumberOfColumns()):
        column = table.GetColumn(c)
        columns[column.GetName()] = [column.GetValue(r) for r in range(table.GetNumberOfRows())]
    return columns


def output(proxy, port=0):
    """The output of the root rank: tables and field arrays are complete there."""
    return proxy.GetClientSideObject().GetOutputDataObject(port)


def field(proxy, name, port=0):
    """A field array as a list."""
    array = output(proxy, port).GetFieldData().GetAbstractArray(name)
    return [array.GetValue(i) for i in range(array.GetNumberOfValues())]


def information(proxy, name):
    """An information-only property."""
    proxy.UpdatePropertyInformation()
    return proxy.GetProperty(name).GetElement(0)


def points_of(proxy):
    return proxy.GetDataInformation().GetNumberOfPoints()


def number(value):
    """JSON has no NaN: undefined numbers are null."""
    return None if value != value else value


def read_message(text):
    """The message inside what VTK sends with an ErrorEvent or a WarningEvent."""
    text = re.sub(r"^\s*(ERROR|Warning): In .*?, line \d+\s*", "", text)
    text = re.sub(r"^\w+ \((0x)?[0-9a-f]+\): ", "", text)
    return " ".join(text.split())


class Watch:
    """Collects the errors and warnings of an algorithm instead of printing them, and hears of its progress. Python
    handles its signals there."""

    def __init__(self, proxy, errors, on_progress=lambda part: None, warnings=None):
        from vtkmodules.util.misc import calldata_type
        from vtkmodules.util.vtkConstants import VTK_STRING

        @calldata_type(VTK_STRING)
        def collect(_object, _event, text):
            errors.append(read_message(text))

        @calldata_type(VTK_STRING)
        def warn(_object, _event, text):
            if read_message(text) not in warnings:  # copies repeat those of the data
                warnings.append(read_message(text))

        self.proxy = proxy
        self.algorithm = proxy.GetClientSideObject()
        self.tags = [self.algorithm.AddObserver("ErrorEvent", collect),
                     self.algorithm.AddObserver("ProgressEvent", lambda source, _: on_progress(source.GetProgress()))]
        if warnings is not None:
            self.tags.append(self.algorithm.AddObserver("WarningEvent", warn))

    def end(self):
        for tag in self.tags:
            self.algorithm.RemoveObserver(tag)


class Pipeline:
    """The filters of one analysis, the seconds of each step, the first error of each update."""

    def __init__(self, settings, meter):
        from paraview import simple
        self.simple = simple
        self.settings = settings
        self.meter = meter
        self.begin = time.perf_counter()
        self.seconds = dict.fromkeys(
            ("read", "voxelize", "zsdm", "classify", "extract", "cluster", "detect", "compare", "total"), 0.0)
        if getattr(settings, "sensitivity", False):
            self.seconds["sensitivity"] = 0.0
        self.errors = []
        self.warnings = []  # of all filters, each once
        self.made = []
        self.watches = []
        self.current = None  # the proxy that is updated
        if simple.servermanager.ActiveConnection.IsRemote():
            raise Failure("the data are on a server: run the analysis there, with pvbatch")
        self.filters = load_plugin()

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        for watch in self.watches:
            watch.end()
        self.watches = []
        if error:
            self.release(*reversed(self.made))

    def watch(self, proxy):
        def on_progress(part):
            if proxy is self.current:
                self.meter.within(part)
        self.watches.append(Watch(proxy, self.errors, on_progress, self.warnings))

    def run(self, step, proxy, share=1.0):
        """Updates a proxy; its error becomes a Failure."""
        begin = time.perf_counter()
        self.watch(proxy)
        self.current = proxy
        self.meter.start(step, share)
        proxy.UpdatePipeline()
        self.current = None
        self.seconds[step] += time.perf_counter() - begin
        if self.errors:
            raise Failure(self.errors[0])
        self.meter.end()

    def update(self, step, name, share=1.0, **properties):
        """Makes a filter and runs it."""
        proxy = getattr(self.filters, name)(**properties)
        self.made.append(proxy)
        if self.settings.threads:
            proxy.Threads = self.settings.threads
        self.run(step, proxy, share)
        return proxy

    def release(self, *proxies):
        """Frees what these filters have made; those that use it go first."""
        for proxy in proxies:
            for watch in [watch for watch in self.watches if watch.proxy is proxy]:
                watch.end()
                self.watches.remove(watch)
            self.made = [other for other in self.made if other is not proxy]
            self.simple.Delete(proxy)

    # --- the steps ---

    def read(self):
        settings = self.settings
        if settings.ions is None:
            return self.update("read", "SimulateRealisticAPT")
        if not settings.is_source:
            return self.read_file(settings.ions)
        self.run("read", settings.ions, 0.5 if settings.ranges else 1)
        if not settings.ranges:
            return settings.ions
        return self.update("read", "RangeIons", 0.5, Input=settings.ions, RangesFileName=os.fspath(settings.ranges))

    def read_file(self, path):
        return self.update("read", "APTReader", FileName=os.fspath(path),
                           RangesFileName=os.fspath(self.settings.ranges or ""))

    def model(self):
        """Properties that the model asks for, of Classify CSRO, Voxelize APT and Compute ZSDM."""
        name = self.settings.model
        if name not in MODELS:
            return {"ModelFile": os.fspath(name)}, {}, {}
        text, voxels, curves = MODELS[name]
        return {"ShippedModel": text}, voxels, curves

    def classify(self, ions):
        """Voxels, curves and probabilities of one set of ions."""
        settings = self.settings
        model, of_voxels, of_curves = self.model()
        if settings.box:
            of_voxels = {**of_voxels, "BoxMode": "Given", "BoxText": settings.box}
        voxels = self.update("voxelize", "VoxelizeAPT", Input=ions, **of_voxels)
        curves = self.update("zsdm", "ComputeZSDM", Input=ions, Voxels=voxels, Pairs=settings.pairs or "",
                             KeepCurves=int(settings.curves), **of_curves)
        if not settings.curves:
            model = {"Ions": ions, **model}
        classified = self.update("classify", "ClassifyCSRO", Input=curves, **model,
                                 ReferenceMode=int(settings.reference), Force=int(settings.force))
        return voxels, curves, classified

    def cluster(self, ions, classified=None, score=None, share=1.0):
        properties = {"Input": ions, "ReferenceMode": int(self.settings.reference)}
        if classified:
            properties.update(Pixels=self.simple.OutputPort(classified, 1), ScoreArray=score,
                              Threshold=field(classified, "ScoreThreshold", 1)[0])
        domains = self.update("cluster", "ClusterDomains", share, **properties)
        extract = information(domains, "ExtractSeconds")
        self.seconds["extract"] += extract
        self.seconds["cluster"] -= extract
        return domains

    def attempt(self, step, name, share, **properties):
        """Makes a filter and runs it: the proxy and None, or None and the text of its error. The published chain goes
        on without it."""
        made = len(self.made)
        try:
            return self.update(step, name, share, **properties), None
        except Failure as failure:
            self.release(*reversed(self.made[made:]))
            self.errors.clear()
            self.meter.end()
            return None, str(failure)

    def order(self, ions, voxels):
        """Detect Order, of all species."""
        return self.attempt("detect", "DetectOrder", 1, Input=ions, Voxels=voxels,
                            Force=int(self.settings.force), Seed=self.settings.seed, **self.settings.rules)

    def detect(self, step, ions, voxels, species, share):
        """Detect Order for one species."""
        return self.update(step, "DetectOrder", share, Input=ions, Voxels=voxels, Species=species,
                           Force=int(self.settings.force), Seed=self.settings.seed, **self.settings.rules)

    def inject(self, ions, voxels, order, element, seed, share, **planted):
        """Inject Order, and what Detect Order finds then, with the settings of `order`. Makes two filters."""
        injected = self.update("sensitivity", "InjectOrder", share / 3, Input=ions, Species=element, Seed=seed,
                               SigmaXY=order.SigmaXY, **planted)
        found = self.detect("sensitivity", injected, voxels, element, 2 * share / 3)
        return injected, found

    def compare(self, domains, counts):
        """The domains against the size histograms of copies, of which nothing else is left."""
        histograms = [count for copy in counts for count in copy["size_histogram"]]
        return self.update("compare", "CompareDomains", Domains=domains, CopyHistograms=histograms)

    def compare_with_copies(self, domains, ions, copies, share):
        """The domains against copies that the filter makes of the ions."""
        return self.update("compare", "CompareDomains", share, Domains=domains, Ions=ions, Copies=copies,
                           Seed=self.settings.seed, **self.settings.rules)


class Analysis:
    """What an analysis has made: proxies, and `results` with the entries of summary.json. domains, comparison and
    pairs have the keys of results["pairs"]; pairs are the columns of the table of mean curves (second output of
    curves) that a key is about. ordered has Detect Order, its key are the species that were searched. voxels, curves
    and classified are None for ions that were extracted elsewhere."""

    def __init__(self, pipeline, ions, voxels=None, curves=None, classified=None):
        self.ions = ions
        self.voxels = voxels
        self.curves = curves
        self.classified = classified
        self.domains = {}
        self.comparison = {}
        self.pairs = {}
        self.ordered = {}
        self.results = {}
        self._pipeline = pipeline

    def add(self, key, pairs, domains, counts, comparison, copies):
        """The domains of one key, their comparison and what it is with. Returns its entry of the results."""
        self.domains[key] = domains
        self.pairs[key] = pairs
        self.comparison[key] = comparison
        row = columns_of(output(comparison))
        return {**counts, "copies": copies, **statistics(row, copies)}

    def complete(self, counts, pairs, **sections):
        """Fills the results, all but what is measured."""
        decide(pairs)
        last = list(self.domains.values())[-1]
        self.results = {"version": information(last, "Version"), **counts, "ranks": ranks(),
                        "threads": information(last, "ThreadsUsed"), "peak_memory_bytes": 0, "seconds": {},
                        "warnings": self._pipeline.warnings, "pairs": pairs, **sections}
        self.measure()
        self._pipeline.meter.finish()
        return self

    def measure(self):
        """Brings the largest memory and the seconds since the beginning up to date."""
        pipeline = self._pipeline
        pipeline.seconds["total"] = time.perf_counter() - pipeline.begin
        last = list(self.domains.values())[-1]
        self.results["peak_memory_bytes"] = int(information(last, "PeakMemory"))
        self.results["seconds"] = {step: round(value, 6) for step, value in pipeline.seconds.items()}

    def delete(self):
        """Removes the proxies from the pipeline, all but ions that were given as a proxy."""
        self._pipeline.release(*reversed(self._pipeline.made))


STATISTICS = (  # in summary.json; columns of Compare Domains: of the data, of the copies
    ("domains", "Domains", "Domains"), ("ordered_ions", "OrderedIons", "OrderedIons"),
    ("largest", "LargestDomain", "LargestDomain"), ("mu", "MuMean", "Mu"))


def decide(pairs):
    """The number of domains decides: its p, corrected for the number of pairs (Holm, Scand. J. Statist. 6 (1979) 65),
    goes into the entries and their sentences."""
    tested = [(entry["statistics"]["domains"]["p"], entry) for entry in pairs.values() if entry["copies"]]
    largest = 0
    for rank, (p, entry) in enumerate(sorted(tested, key=lambda test: test[0])):
        largest = max(largest, min(1, (len(tested) - rank) * p))
        entry["p_holm"] = largest
        if len(tested) > 1:
            entry["sentence"] += f" Holm-corrected over {len(tested)} pairs p = {largest:.3g}."


def statistics(row, copies):
    """What summary.json says about a comparison."""
    value = {name: number(column[0]) for name, column in row.items()}
    found = {"number_density_m3": value["NumberDensity_m3"]}
    if copies:
        found.update(
            pcc=value["PCC"], chi2=value["Chi2"], bins_used=value["BinsUsed"], n_total=value["NTotal"],
            mu=value["Mu"],
            mu_null={"mean": value["MuNullMean"], "p95": value["MuNullP95"], "p_value": value["MuPValue"]},
            statistics={key: {"value": value[of_data], "copies_mean": value[f"{name}NullMean"],
                              "band": [value[f"{name}NullP5"], value[f"{name}NullP95"]], "p": value[f"{name}PValue"]}
                        for key, of_data, name in STATISTICS})
    found["sentence"] = value["Sentence"]
    return found


def domain_counts(domains):
    """What summary.json says about one set of domains."""
    sizes = columns_of(output(domains, 1))["Size"]
    extracted = points_of(domains)
    return {
        "ions_extracted": extracted,
        "domains": len(sizes),
        "noise": extracted - sum(sizes),
        "largest": max(sizes, default=0),
        "size_histogram": columns_of(output(domains, 2))["Domains"],
    }


def scores_of(classified):
    """[(name of the score, key in summary.json, its pairs)]. Names of arrays cannot be taken apart
    (species may have any name): the pixels say what each of their scores is about."""
    cells = output(classified, 1).GetCellData()
    names = [cells.GetArrayName(i) for i in range(cells.GetNumberOfArrays())]
    names = [name for name in names if name.startswith("Score_")]
    classes = field(classified, "ScoreClasses", 1)
    pairs = field(classified, "ScorePairs", 1)
    channels = len(pairs) // len(names)
    scores = []
    for i, (name, label) in enumerate(zip(names, classes)):
        own = pairs[channels * i:channels * (i + 1)]
        key = "+".join(own)
        scores.append((name, f"{key}:{label}" if len(set(classes)) > 1 else key, own))
    return scores


def score_counts(curves, classified, score, pairs):
    """Counts of the steps before clustering."""
    suffix = score[len("Score_"):]
    table = output(curves, 1)  # dz, then one column per pair, and in this order the sums
    fields = table.GetFieldData()
    names = [fields.GetArrayName(i) for i in range(fields.GetNumberOfArrays())]
    sums = [name for name in names if name.startswith("CountSum_")]
    sum_of = {table.GetColumnName(i + 1): field(curves, name, 1)[0] for i, name in enumerate(sums)}
    return {"voxels_defined": field(classified, f"VoxelsDefined_{suffix}")[0],
            "voxels_overflowed": field(classified, f"VoxelsOverflowed_{suffix}")[0],
            "zsdm_count_sum": sum(sum_of[pair] for pair in pairs)}


def counted_domains(pipeline, ions, curves, classified, scores):
    """For each score its domains, and what summary.json says about them."""
    for score, _, pairs in scores:
        domains = pipeline.cluster(ions, classified, score, 1 / len(scores))
        yield domains, {**score_counts(curves, classified, score, pairs),
                        "pixels_selected": field(domains, "PixelsSelected")[0], **domain_counts(domains)}


COLUMNS_OF_COPIES = {"voxels_defined": "VoxelsDefined", "voxels_overflowed": "VoxelsOverflowed",
                     "zsdm_count_sum": "CountSum", "pixels_selected": "PixelsSelected",
                     "ions_extracted": "IonsExtracted", "domains": "Domains", "noise": "Noise", "largest": "Largest"}


def copy_counts(comparison):
    """What summary.json says about the domains of each copy that Compare Domains has made."""
    table = columns_of(output(comparison, 2))
    histograms = columns_of(output(comparison, 1))
    return [{**{key: table[column][i] for key, column in COLUMNS_OF_COPIES.items()},
             "size_histogram": histograms[f"Copy {i + 1}"]} for i in range(len(table["Copy"]))]


def detected(pipeline, analysis):
    """What summary.json says about Detect Order: the species that were searched, and the kinds of order."""
    order, error = pipeline.order(analysis.ions, analysis.voxels)
    if error:
        return {"detect_order": {}, "order_kinds": {"error": error}}
    species = field(order, "OrderSpecies", 1)
    analysis.ordered["+".join(species)] = order
    return {"detect_order": {name: order_counts(order, k, name) for k, name in enumerate(species)},
            "order_kinds": order_kinds(order)}


def order_kinds(order):
    """What summary.json says about the kinds of order: in words, and the table."""
    table = columns_of(output(order, 3))
    names = [name.lower() for name in table]
    rows = [dict(zip(names, row)) for row in zip(*table.values())]
    return {"found": field(order, "OrderFound", 1)[0], "rows": [{**row, "searched": bool(row["searched"])} for row in rows]}


def sensitive(pipeline, analysis):
    """What summary.json says about the sensitivity, for each species of Detect Order."""
    entries = {}
    searched = [(name, order, len(field(order, "OrderSpecies", 1)))
                for order in analysis.ordered.values() for name in field(order, "OrderSpecies", 1)]
    for species, order, together in searched:
        made = len(pipeline.made)
        try:
            alone = order if together == 1 else pipeline.detect("sensitivity", analysis.ions, analysis.voxels,
                                                                     species, 0)
            entries[species] = sensitivity_of(pipeline, analysis, alone, species, 1 / len(searched))
        except Failure as failure:
            pipeline.errors.clear()
            pipeline.meter.end()
            entries[species] = {"error": str(failure)}
        pipeline.release(*reversed(pipeline.made[made:]))
    return entries


def sensitivity_of(pipeline, analysis, order, species, share):
    """Domains planted until there are enough, and what is found of them."""
    low, high = order.Diameter
    reported = sorted(columns_of(output(order, 2))["Diameter_nm"])
    high = max([high, *reported[19 * len(reported) // 20:][:1]])  # but the largest twentieth: those that merged
    cube = (high ** 4 - low ** 4) / (4 * (high - low))  # mean of the cubes of the diameters
    density = min(PLANTED_DENSITY, PLANTED_SHARE / (0.5236 * cube))
    runs = []

    def plant(strength):
        """More domains of this order, and what is known then."""
        begin, planted = len(runs), 0
        while len(runs) - begin < INJECTIONS and planted < PLANTED:
            runs.append(pipeline.inject(
                analysis.ions, analysis.voxels, order, species, pipeline.settings.seed + len(runs),
                share / (2 * INJECTIONS), Density=density, Diameter=[low, high], Order=strength))
            planted += len(columns_of(output(runs[-1][0], 1))["Domain"])
        port = pipeline.simple.OutputPort
        return pipeline.update(
            "sensitivity", "Sensitivity", 0, Input=port(order, 2), Planted=[port(injected, 1) for injected, _ in runs],
            DomainIons=[port(search, 1) for _, search in runs], Domains=[port(search, 2) for _, search in runs],
            DiameterEdges=[edge for edge in DIAMETERS if low < edge < high])

    strength, *interval = field(plant(ANY_ORDER), "Order")
    found = plant(interval if strength == strength else [1, 1])
    rows = [{key: finite(value) for key, value in zip(SENSITIVITY, row)}
            for row in zip(*columns_of(output(found)).values())]
    for row in rows:
        row.update({key: row[key] and row[key] * 1e27 for key in SENSITIVITY if key.endswith("_m3")})
    return {"sentence": field(found, "Sensitivity")[0], "injections": len(runs),
            "planted": sum(len(columns_of(output(planted, 1))["Domain"]) for planted, _ in runs),
            "order": [number(value) for value in field(found, "Order")],
            "detection_limit_nm": [number(value) for value in field(found, "DetectionLimit_nm")], "classes": rows}


def finite(value):
    return None if value == float("inf") else number(value)


SENSITIVITY = ("from_nm", "to_nm", "planted", "recall", "recall_low", "recall_high", "density_m3", "density_low_m3",
               "density_high_m3")


def order_counts(order, index, species):
    """What summary.json says about the domains of one of the species that Detect Order has searched."""
    table = columns_of(output(order, 2))
    own = [row for row, name in enumerate(table["RichSpecies"]) if name == species]
    fields = output(order, 1).GetFieldData()

    def value(name, index=0):
        return number(fields.GetArray(name).GetValue(index))

    def largest(name):
        return max((table[name][row] for row in own), default=None) if name in table else None

    return {
        "verdict": fields.GetAbstractArray("OrderVerdict").GetValue(index),
        "order_p": value("OrderP", index),
        "domains": len(own),
        "ordered_ions": sum(table["Size"][row] for row in own),
        "largest": largest("Size") or 0,
        "fdr_level": order.GetProperty("FDR").GetElement(0),
        "fdr": largest("FDR"),
        "domains_by_chance": largest("ChanceCount"),
        "domain_density_m3": value("DomainDensity_nm3", index) * 1e27,
        "smallest_detectable_nm": value("SmallestDetectable_nm", index),
        "sigma_xy_nm": value("SigmaXY_nm"),
        "sigma_z_nm": value("SigmaZ_nm"),
        "plane_coherence": value("PlaneCoherence"),
        "plane_share": value("PlaneShare"),
    }


def whole_analysis(pipeline):
    """From ions to the entries of summary.json."""
    settings = pipeline.settings
    ions = pipeline.read()
    pole = pipeline.update("read", "FindPole", 0.2, Input=ions) if settings.align else None
    ions = pole or ions
    quality = judged(pipeline, ions)
    copies = default_copies(points_of(ions)) if settings.copies is None else settings.copies
    pipeline.meter.set_copies(copies)
    voxels, curves, classified = pipeline.classify(ions)
    scores = scores_of(classified)
    found = list(counted_domains(pipeline, ions, curves, classified, scores))
    pipeline.meter.end_pass()
    analysis = Analysis(pipeline, ions, voxels, curves, classified)
    sections = detected(pipeline, analysis) if settings.detect else {}
    sensitivity = sensitive(pipeline, analysis) if settings.sensitivity else {}
    entries = {}
    for (_, key, pairs), (domains, counts) in zip(scores, found):
        comparison = pipeline.compare_with_copies(domains, ions, copies, 1 / len(scores))
        entries[key] = analysis.add(key, pairs, domains, counts, comparison, copy_counts(comparison))
    species = dict(zip(field(voxels, "SpeciesNames"), field(voxels, "SpeciesCounts")))
    extent = voxels.GetDataInformation().GetExtent()  # ranks share layers of points
    n = 1
    for axis in range(3):
        n *= extent[2 * axis + 1] - extent[2 * axis] + 1
    counts = {"ions": points_of(ions), "species": species, "voxels": n, **exchange_of(settings.rules)}
    counts = {**({"sensitivity": sensitivity} if settings.sensitivity else {}), "quality": quality, **counts}
    return analysis.complete(counts, entries, **sections, **({"pole": planes_of(pole)} if pole else {}))


def renamed(pipeline, name, proxy):
    pipeline.simple.RenameSource(name, proxy)
    return proxy


def optional(pipeline, name, step, *what, **properties):
    """A filter that the analysis can do without."""
    proxy, error = pipeline.attempt(step, *what, **properties)
    if not error:
        return renamed(pipeline, name, proxy)
    pipeline.warnings.append(f"{name}: {error}")
    return None


def found_domains(pipeline):
    """The filters of build, up to the domains."""
    settings = pipeline.settings
    ions = pipeline.read()
    if not settings.is_source:
        renamed(pipeline, "Specimen" if settings.ions is None else os.path.basename(os.fspath(settings.ions)), ions)
    quality = optional(pipeline, "Data quality", "read", "DataQuality", 0.1, Input=ions)
    pole = optional(pipeline, "Pole", "read", "FindPole", 0.1, Input=ions, Align=0)
    voxels, curves, classified = pipeline.classify(ions)
    for name, proxy in (("Voxels", voxels), ("z-SDM", curves), ("Probability", classified)):
        renamed(pipeline, name, proxy)
    scores = scores_of(classified)
    if not settings.pairs:
        most = output(classified, 1).GetCellData().GetScalars().GetName()
        scores = [each for each in scores if each[0] == most]
    domains = {key: renamed(pipeline, f"Domains {key}", pipeline.cluster(ions, classified, score, 1 / len(scores)))
               for score, key, _ in scores}
    pipeline.meter.end_pass()
    return SimpleNamespace(ions=ions, quality=quality, pole=pole, voxels=voxels, curves=curves, classified=classified,
                           domains=domains, ordered=None, comparison={}, warnings=pipeline.warnings,
                           pairs=[pair for _, _, own in scores for pair in own])


def compared_domains(pipeline, built):
    """The filters of build that follow: the other detector, and randomised copies."""
    settings = pipeline.settings
    if settings.detect:
        built.ordered = optional(pipeline, "Domains by likelihood", "detect", "DetectOrder", 1, Input=built.ions,
                                 Voxels=built.voxels, Seed=settings.seed)
    copies = default_copies(points_of(built.ions)) if settings.copies is None else settings.copies
    for key, domains in built.domains.items():
        compared = pipeline.compare_with_copies(domains, built.ions, copies, 1 / len(built.domains))
        built.comparison[key] = renamed(pipeline, f"Comparison {key}", compared)
    return built


def judged(pipeline, ions):
    """What summary.json says about the data: Data Quality's line for the whole, and its table."""
    quality, error = pipeline.attempt("read", "DataQuality", 0.2, Input=ions)
    if error:
        return {"error": error}
    table = columns_of(output(quality))
    rows = [dict(zip((name.lower() for name in table), row)) for row in zip(*table.values())]
    for row in rows:
        row.update({name: number(row[name]) for name in ("value", "low", "high")})
    return {"verdict": output(quality).GetFieldData().GetAbstractArray("DataQuality").GetValue(0), "rows": rows}


def planes_of(pole):
    """What summary.json says about the lattice planes: the table of Find Pole, and the rotation row by row."""
    matrix = output(pole).GetFieldData().GetArray("PoleMatrix")
    return {**{name: number(values[0]) for name, values in columns_of(output(pole, 2)).items()},
            "matrix": [[matrix.GetValue(4 * row + column) for column in range(4)] for row in range(4)]}


def extracted_analysis(pipeline, path, randomized, key):
    unknown = {"voxels_defined": None, "voxels_overflowed": None, "zsdm_count_sum": None, "pixels_selected": None}

    def domains_of(path):
        ions = pipeline.read_file(path)
        domains = pipeline.cluster(ions)
        pipeline.meter.end_pass()
        return ions, domains, {**unknown, **domain_counts(domains)}

    def copy_of(path):
        ions, domains, counts = domains_of(path)
        pipeline.release(domains, ions)
        return counts

    ions, domains, counts = domains_of(path)
    analysis = Analysis(pipeline, ions)
    copies = [copy_of(path) for path in randomized]
    entry = analysis.add(key, [], domains, counts, pipeline.compare(domains, copies), copies)
    count = points_of(ions)
    species = count_species(pipeline, ions) if pipeline.settings.ranges else {"unranged": count}
    return analysis.complete({"ions": count, "species": species, "voxels": None}, {key: entry})


def count_species(pipeline, ions):
    """Ions of each species, as Voxelize APT counts them."""
    ranged = pipeline.update("read", "RangeIons", Input=ions)
    table = columns_of(output(ranged, 1))
    unranged = field(ranged, "Unranged", 1)[0]
    pipeline.release(ranged)
    return {"unranged": unranged, **dict(zip(table["Name"], table["Count"]))}

"""The whole CSRO analysis as functions, for pvpython, pvbatch, macros and notebooks:

    import csro_pipeline
    found = csro_pipeline.analyse("specimen.pos", "specimen.rrng", pairs="Ni-Ni", copies=19)
    found.results["pairs"]["Ni-Ni"]["sentence"]
    found.domains["Ni-Ni"]      # a proxy: Show it, SaveData it, or work on with it

All errors are Failure. Runs where the data are: in the window with its built-in server, pvpython, pvbatch (also
under mpirun), not in the client of a pvserver. The environment variable CSRO_PLUGIN may name the plugin's file.
"""

import os
import sys
import time
from types import SimpleNamespace

HERE = os.path.dirname(os.path.abspath(__file__))
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from csro_compositions import composed  # noqa: E402
from csro_files import Failure, check_readable  # noqa: E402
from csro_outputs import columns_of, field, information, output, points_of  # noqa: E402
from csro_plugin import ranks  # noqa: E402
from csro_progress import Meter  # noqa: E402
from csro_sensitivity import INJECTIONS, sensitive  # noqa: E402
from csro_settings import (  # noqa: E402
    COPIES, check_values, checked_settings, default_copies, exchange_of, usable_threads)
from csro_statistics import measured, title_of  # noqa: E402
from csro_steps import Pipeline  # noqa: E402
from csro_summary import (  # noqa: E402
    copy_counts, decide, domain_counts, order_counts, order_kinds, planes_of, quality_of, score_counts, scores_of, statistics,
    true_order)


def analyse(ions=None, ranges=None, pairs=None, box=None, model=None, copies=None, seed=1, exchange=None, within=None,
            threads=None, reference=False, force=False, detect=None, align=False, curves=False, progress=None,
            sensitivity=False, statistics=False, configuration=None):
    """Finds the ordered domains of a specimen and compares them with those of its randomised copies.

    ions       ion file (.pos, .epos, .ato, .apt, .nxs, .h5, .csv, .txt), or a source or filter of ParaView that gives ions;
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
    statistics  measure the statistics of the whole of the ions (csro_statistics.py)
    configuration  instead of ions: atoms of a simulation in a periodic box (.extxyz, .dump, .lammpstrj), of which Simulate
               Configuration makes a specimen

    Returns an Analysis. After an error nothing of the analysis is left in the pipeline.
    """
    settings = checked_settings(ions, ranges, pairs, box, model, copies, seed, exchange, within, threads, reference, force,
                                detect, align, curves, sensitivity, statistics, configuration)
    meter = Meter(progress, ("read", "voxelize", "zsdm", "classify", "cluster"), COPIES if copies is None else copies,
                  made_by_compare=True, detects=settings.detect, injections=2 * INJECTIONS * settings.sensitivity,
                  measures=settings.statistics)
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


def build(ions=None, ranges=None, pairs=None, box=None, model=None, copies=COPIES, seed=1, detect=True, show=True,
          statistics=False):
    """The whole analysis as a pipeline to look at and to change: sources and filters with names, and (show) views of
    what they find: domains, their sizes and the mean z-SDM in one layout, tables in a second one. In the window it is
    CSRO > CSRO Analysis.

    Arguments as in analyse; without pairs, z-SDMs are of every element with itself, domains of the most ordered pair.
    Returns proxies: ions, quality, pole, voxels, curves, classified, ordered (None without detect); domains and
    comparison by pair; statistics and tables as an Analysis has them; and warnings, a list of texts.
    """
    settings = checked_settings(ions, ranges, pairs, box, model, copies, seed, curves=True, detect=bool(detect),
                                statistics=statistics)
    meter = Meter(None, ("read", "voxelize", "zsdm", "classify", "cluster"), copies, made_by_compare=True,
                  detects=settings.detect, measures=settings.statistics)
    with Pipeline(settings, meter) as pipeline:
        built = found_domains(pipeline)
        views = None
        if show:
            from csro_pictures import AnalysisViews
            views = AnalysisViews(pipeline.simple, built)  # copies take their time
        compared_domains(pipeline, built)
        if views:
            views.show_comparison(built)
            for comparison in built.comparison.values():
                comparison.Follow = 0  # other settings are seen at once, without copies
        if settings.statistics:
            measured_statistics(pipeline, built)
            if views:
                views.show_statistics(built)
        return built


def build_in_window(ions, ranges, pairs, copies, statistics, of_selected=False):
    """What the dialog CSRO Analysis does, with files or with the reader that is selected: errors and warnings are lines
    of Output Messages."""
    from vtkmodules.vtkCommonCore import vtkOutputWindow
    if of_selected:
        from paraview import simple
        ions = simple.GetActiveSource()
    messages = vtkOutputWindow.GetInstance()
    try:
        for warning in build(ions, ranges, pairs, copies=copies, statistics=statistics).warnings:
            messages.DisplayWarningText(warning + "\n")
    except Failure as failure:
        messages.DisplayErrorText(f"CSRO Analysis: {failure}\n")


class Analysis:
    """What an analysis has made: proxies, and `results` with the entries of summary.json. domains, comparison and
    pairs have the keys of results["pairs"]; pairs are the columns of the table of mean curves (second output of
    curves) that a key is about. ordered has Detect Order, its key are the species that were searched; statistics
    the filters of csro_statistics.STATISTICS; tables (filter, output) of csro_compositions. voxels, curves
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
        self.statistics = {}
        self.tables = {}
        self.results = {}
        self.copy_files = []  # copies that were given, of which only counts stay
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

    @property
    def proxies(self):
        """All filters that have made it and are still there."""
        return list(self._pipeline.made)

    def delete(self):
        """Removes the proxies from the pipeline, all but ions that were given as a proxy."""
        self._pipeline.release(*reversed(self._pipeline.made))


def counted_domains(pipeline, ions, curves, classified, scores):
    """For each score its domains, and what summary.json says about them."""
    for score, _, pairs in scores:
        domains = pipeline.cluster(ions, classified, score, 1 / len(scores))
        yield domains, {**score_counts(curves, classified, score, pairs),
                        "pixels_selected": field(domains, "PixelsSelected")[0], **domain_counts(domains)}


def detected(pipeline, analysis):
    """What summary.json says about Detect Order: the species that were searched, and the kinds of order."""
    order, error = pipeline.order(analysis.ions, analysis.voxels)
    if error:
        return {"detect_order": {}, "order_kinds": {"error": error}}
    species = field(order, "OrderSpecies", 1)
    analysis.ordered["+".join(species)] = order
    return {"detect_order": {name: order_counts(order, k, name) for k, name in enumerate(species)},
            "order_kinds": order_kinds(order)}


def whole_analysis(pipeline):
    """From ions to the entries of summary.json."""
    settings = pipeline.settings
    ions = pipeline.read()
    truth = {"configuration": true_order(ions)} if settings.configuration is not None else {}
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
    if settings.statistics:
        sections["statistics"] = measured(pipeline, analysis, copies)
    entries = {}
    for (_, key, pairs), (domains, counts) in zip(scores, found):
        comparison = pipeline.compare_with_copies(domains, ions, copies, 1 / len(scores))
        entries[key] = analysis.add(key, pairs, domains, counts, comparison, copy_counts(comparison))
    if settings.statistics:
        sections["statistics"].update(composed(pipeline, analysis, copies))
    species = dict(zip(field(voxels, "SpeciesNames"), field(voxels, "SpeciesCounts")))
    extent = voxels.GetDataInformation().GetExtent()  # ranks share layers of points
    n = 1
    for axis in range(3):
        n *= extent[2 * axis + 1] - extent[2 * axis] + 1
    counts = {"ions": points_of(ions), "species": species, "voxels": n, **exchange_of(settings.rules)}
    counts = {**({"sensitivity": sensitivity} if settings.sensitivity else {}), "quality": quality, **truth, **counts}
    return analysis.complete(counts, entries, **sections, **({"pole": planes_of(pole)} if pole else {}))


def optional(pipeline, name, step, *what, **properties):
    """A filter that the analysis can do without."""
    proxy, error = pipeline.attempt(step, *what, **properties)
    if not error:
        return pipeline.named(name, proxy)
    pipeline.warnings.append(f"{name}: {error}")
    return None


def found_domains(pipeline):
    """The filters of build, up to the domains."""
    settings = pipeline.settings
    ions = pipeline.read()
    if not settings.is_source:
        pipeline.named("Specimen" if settings.ions is None else os.path.basename(os.fspath(settings.ions)), ions)
    quality = optional(pipeline, "Data quality", "read", "DataQuality", 0.1, Input=ions)
    pole = optional(pipeline, "Pole", "read", "FindPole", 0.1, Input=ions, Align=0)
    voxels, curves, classified = pipeline.classify(ions)
    for name, proxy in (("Voxels", voxels), ("z-SDM", curves), ("Probability", classified)):
        pipeline.named(name, proxy)
    scores = scores_of(classified)
    if not settings.pairs:
        most = output(classified, 1).GetCellData().GetScalars().GetName()
        scores = [each for each in scores if each[0] == most]
    domains = {key: pipeline.named(f"Domains {key}", pipeline.cluster(ions, classified, score, 1 / len(scores)))
               for score, key, _ in scores}
    pipeline.meter.end_pass()
    return SimpleNamespace(ions=ions, quality=quality, pole=pole, voxels=voxels, curves=curves, classified=classified,
                           domains=domains, ordered=None, comparison={}, statistics={}, tables={}, warnings=pipeline.warnings,
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
        built.comparison[key] = pipeline.named(f"Comparison {key}", compared)
    return built


def measured_statistics(pipeline, built):
    """The filters of build that measure the whole of the ions, and what is in domains and around them."""
    copies = default_copies(points_of(built.ions)) if pipeline.settings.copies is None else pipeline.settings.copies
    entries = {**measured(pipeline, built, copies), **composed(pipeline, built, copies)}
    pipeline.warnings += [f"{title_of(name)}: {entry['error']}" for name, entry in entries.items() if "error" in entry]


def judged(pipeline, ions):
    """What summary.json says about the data: Data Quality's line for the whole, and its table."""
    quality, error = pipeline.attempt("read", "DataQuality", 0.2, Input=ions)
    return {"error": error} if error else quality_of(quality)


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
    analysis.copy_files = list(randomized)
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

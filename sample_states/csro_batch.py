"""The whole CSRO analysis as one command (--help lists the options):

    pvbatch sample_states/csro_batch.py [options]          (also under mpirun -n N)

The analysis is csro_pipeline.py, which other scripts can import. Here are the options, the files of results and how
the process ends.
"""

import argparse
import glob
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import csro_pipeline  # noqa: E402
import csro_settings  # noqa: E402
from csro_ending import Ending, say  # noqa: E402
from csro_files import Failure, check_readable, writing  # noqa: E402
from csro_outputs import Watch, columns_of, output  # noqa: E402
from csro_plugin import ranks  # noqa: E402
from csro_settings import COPIES, COPIES_OF_MANY, MANY, MODELS  # noqa: E402
from csro_progress import Line, is_terminal  # noqa: E402
from csro_results import Results  # noqa: E402

PROGRAM = "csro_batch.py"
PLANES_EVERYWHERE = 0.95  # share of the ions above which nothing is said of the rest
DESCRIPTION = """Finds ordered domains in atom probe data and compares them with those of randomised copies of the
same data. Run it by pvbatch, on one rank or many (mpirun -n N pvbatch csro_batch.py ...)."""
ENDING = """Bad arguments and bad input end with exit status 2 and one line on standard error; SIGINT, SIGTERM and
SIGHUP with 130, 143 and 129. Results appear together at the end or not at all. Files in DIR that are none of an
earlier run stay as they are."""


# --- arguments ---


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        raise Failure(message)


def make_parser():
    parser = Arguments(prog=PROGRAM, add_help=False, allow_abbrev=False, description=DESCRIPTION, epilog=ENDING)
    add = parser.add_argument
    add("-h", "--help", action="store_true", help="show this text")
    add("--ions", metavar="FILE",
        help="ion file (.pos, .epos, .ato, .apt, .nxs, .h5, .csv, .txt); without it: the built-in specimen")
    add("--configuration", metavar="FILE",
        help="instead of --ions: atoms of a simulation in a periodic box (.extxyz, .dump, .lammpstrj), of which a specimen is "
             "made as an atom probe would see it (Simulate Configuration, with its defaults)")
    add("--ranges", metavar="FILE", help="range file (.rrng, .rng, .env)")
    add("--pairs", metavar="A-B[,C-D]",
        help="pairs; default: El-El of every element but H with at least 1 %% of the ranged ions")
    add("--box", metavar="x0,x1,y0,y1,z0,z1",
        help="analysed box in nm, written --box=...; default: the bounds, snapped inwards to the stride")
    add("--model", metavar="NAME|FILE",
        help=f"trained model: one that ships with the plugin ({', '.join(MODELS)}; the default is the first) or a file "
             "(.xml)")
    add("--copies", metavar="K", type=whole_number,
        help=f"number of randomised copies, 0 or more; default {COPIES} (the smallest p is then 1/{COPIES + 1}), above "
             f"{MANY // 1000000} million ions {COPIES_OF_MANY}")
    add("--seed", metavar="S", type=whole_number, default=1,
        help="seed of the first copy (default 1); copy k uses S + k")
    add("--exchange", metavar="ranged|all",
        help="ions that exchange labels in copies: the ranged ones (default), or all as published (default with "
             "--reference)")
    add("--within", metavar="all|IONS",
        help="where they do: in the whole data set (default), or in neighbourhoods of at least IONS ions, e.g. 5000")
    add("--threads", metavar="T", type=whole_number,
        help="threads per rank; default: OMP_NUM_THREADS, else the cores of the host over its ranks")
    add("--reference", action="store_true", help="the published rules in every filter")
    add("--detect", metavar="on|off", choices=("on", "off"),
        help="Detect Order beside the published chain, for all elements: on (default) or off (default "
             "with --reference)")
    add("--sensitivity", action="store_true",
        help="plant domains into the ions (Inject Order) and say which sizes Detect Order would have found, and how "
             "many domains there are, corrected for what is not found; takes up to ten times as long as Detect Order")
    add("--statistics", action="store_true",
        help="order parameters of all pairs of elements by radial shells, nearest neighbours and lattice planes, distances of "
             "nearest neighbours, pair correlations, frequency distributions and spatial distribution maps along z, against the copies; spectrum without "
             "background; of each pair composition, profile, proximity and z-SDM of the domains against the rest: a table of each")
    add("--align", action="store_true",
        help="rotate the ions first so that the lattice planes lie across z (Find Pole)")
    add("--out", metavar="DIR", help="where the results go (default csro-output, with --states csro-states)")
    add("--curves", action="store_true",
        help="keep and write the z-SDM of every voxel too (20 to 40 bytes per ion and pair more)")
    add("--render", action="store_true", help="write pictures (requires a display, e.g. xvfb-run -a)")
    add("--report", action="store_true",
        help="write report.html, one page for the supplement of a paper that needs nothing else, and report.json; with --render "
             "with the pictures of domains")
    add("--progress", action="store_true",
        help="print step, percent, elapsed time and expected end on standard error; default where that is a terminal")
    add("--force", action="store_true",
        help="go on where the lattice planes of the data are none of the model, with a warning; replace files of the "
             "names of results in a DIR that no earlier run has written")
    add("--extracted", metavar="FILE", help="cluster ions that were extracted elsewhere")
    add("--randomized", metavar="FILE", nargs="+", default=[],
        help="with --extracted: ions that were extracted from randomised copies, to compare with")
    add("--states", metavar="FILE.csv",
        help="compare what earlier runs have found in several data sets of each state: a table with columns State, "
             "Results (the folder of a run) and measured properties; only --out and --force go with it")
    return parser


def whole_number(text):
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"'{text[:40]}', expected a whole number")
    return int(text)


def parse_arguments(argv):
    parser = make_parser()
    options = parser.parse_args(argv)
    if options.help:
        say(parser.format_help().rstrip(), sys.stdout)
        sys.exit(0)
    check_arguments(options)
    options.out = options.out or ("csro-states" if options.states else "csro-output")
    return options


def check_arguments(options):
    if options.states is not None:
        check_alone(options)
    try:
        csro_settings.check_values(options.box, options.copies, options.seed, options.threads)
        csro_settings.copy_rules(options.exchange, options.within, options.reference)
    except Failure as failure:
        raise Failure(f"--{failure}") from None
    used = csro_settings.usable_threads(options.threads)
    if used != options.threads:
        say(f"{PROGRAM}: --threads {options.threads}: lowered to {used}, {csro_settings.THREADS_PER_CORE} for each "
            "core of this host", sys.stderr)
    if options.configuration is not None and (options.ions or options.ranges or options.extracted):
        raise Failure("--configuration cannot be combined with --ions, --ranges or --extracted: the ions are made of it, with "
                      "their species")
    if options.ranges and not (options.ions or options.extracted):
        raise Failure("--ranges needs --ions or --extracted")
    if options.extracted and options.copies is not None:
        raise Failure("--extracted makes no copies: --copies cannot be combined with it; name the ions extracted from "
                      "copies with --randomized")
    if options.extracted and options.detect:
        raise Failure("--extracted has no voxels: --detect cannot be combined with it")
    if options.extracted and options.sensitivity:
        raise Failure("--extracted has no whole data: --sensitivity cannot be combined with it")
    if options.extracted and options.statistics:
        raise Failure("--extracted has no whole data: --statistics cannot be combined with it")
    if options.sensitivity and (options.detect == "off" or options.reference and not options.detect):
        raise Failure("--sensitivity needs --detect on: it says what Detect Order finds")
    if options.extracted and options.align:
        raise Failure("--extracted has no whole data: --align cannot be combined with it")
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
    if options.extracted and (options.exchange or options.within):
        raise Failure("--extracted has copies of its own: --exchange and --within cannot be combined with it")
    for path in (options.ions, options.configuration, options.ranges, options.extracted, *options.randomized):
        if path is not None:
            check_readable(path)
    csro_settings.check_model(options.model)


def check_alone(options):
    """--states analyses nothing."""
    unset = make_parser().parse_args([])
    others = [name for name, value in vars(options).items()
              if name not in ("states", "out", "force") and value != getattr(unset, name)]
    if others:
        raise Failure(f"--states cannot be combined with --{others[0]}: it compares what earlier runs have found")
    check_readable(options.states)


# --- results ---


def file_name(key):
    return re.sub(r"[:/\\\0-\x1f]", "_", key)


def write_table(path, columns):
    import csv
    with writing(path), open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values()))


def is_whole(path):
    """Whether a VTK XML file has its end."""
    try:
        with open(path, "rb") as file:
            file.seek(-min(64, os.path.getsize(path)), os.SEEK_END)
            return file.read().rstrip().endswith(b"</VTKFile>")
    except OSError:
        return False


def save(path, proxy, **properties):
    """Writes a VTK XML file, in Binary mode: ParaView 5.11 on Debian 12 cannot read Appended ones. The writers report
    a full disk to nobody, so the ends of the files are looked at: of the file itself and of the pieces of the ranks."""
    from paraview import simple
    errors = []
    writer = simple.CreateWriter(path, proxy, DataMode="Binary", **properties)
    Watch(writer, errors)
    writer.UpdatePipeline()
    simple.Delete(writer)
    pieces = glob.glob(os.path.join(glob.escape(os.path.splitext(path)[0]), "*"))
    for file in [path, *pieces]:
        if errors or not is_whole(file):
            raise Failure(f"{os.path.basename(file)}: could not be written whole")


def write_voxels(analysis, folder, with_curves):
    points = output(analysis.classified).GetPointData()
    names = [points.GetArrayName(i) for i in range(points.GetNumberOfArrays())]
    if not with_curves:
        names = [name for name in names if not name.startswith("zSDM_")]
    save(os.path.join(folder, f"voxels.{parallel()}vti"), analysis.classified, ChooseArraysToWrite=1,
         PointDataArrays=names)
    table = columns_of(output(analysis.curves, 1))
    for pairs in analysis.pairs.values():
        columns = {name: values for name, values in table.items() if name == "dz_nm" or name in pairs}
        write_table(os.path.join(folder, f"curves_{file_name('+'.join(pairs))}.csv"), columns)


def write_domains(analysis, folder):
    for key, domains in analysis.domains.items():
        base = os.path.join(folder, f"domains_{file_name(key)}")
        save(f"{base}.{parallel()}vtp", domains)
        write_table(f"{base}.csv", columns_of(output(domains, 1)))


def write_ordered(analysis, folder):
    from paraview import simple
    for species, order in analysis.ordered.items():
        base = os.path.join(folder, f"ordered_{file_name(species)}")
        save(f"{base}.{parallel()}vtp", simple.OutputPort(order, 1))
        write_table(f"{base}.csv", columns_of(output(order, 2)))


def write_statistics(analysis, folder):
    for name, statistic in analysis.statistics.items():
        write_table(os.path.join(folder, f"statistics_{name}.csv"), columns_of(output(statistic)))
    for name, (proxy, port) in analysis.tables.items():
        write_table(os.path.join(folder, f"statistics_{file_name(name)}.csv"), columns_of(output(proxy, port)))


def parallel():
    return "p" if ranks() > 1 else ""


def write_summary(results, folder):
    path = os.path.join(folder, "summary.json")
    with writing(path), open(path, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1, allow_nan=False)
        file.write("\n")


def write_report(analysis, folder, with_pictures):
    import csro_report
    images = []
    for key in analysis.domains if with_pictures else ():
        with open(os.path.join(folder, f"domains_{file_name(key)}.png"), "rb") as file:
            images.append((f"{key} domains of the published chain, each in a colour of its own, inside the specimen.", file.read()))
    base = os.path.join(folder, "report")
    with writing("report.html"):
        csro_report.write_of(analysis, base, images, [PROGRAM, *sys.argv[1:]])


def say_results(summary):
    if "quality" in summary:
        say("Data: " + summary["quality"].get("verdict", summary["quality"].get("error")), sys.stdout)
    for species, found in summary.get("sensitivity", {}).items():
        say(f"{species} by injection: {found.get('sentence', found.get('error'))}", sys.stdout)
    for key, pair in summary["pairs"].items():
        say(describe(key, pair), sys.stdout)
    kinds = summary.get("order_kinds")
    if kinds:
        say("Order: " + kinds.get("found", kinds.get("error")), sys.stdout)
    for species, order in summary.get("detect_order", {}).items():
        say(describe_order(species, order), sys.stdout)
    for found in summary.get("statistics", {}).values():
        say(found.get("sentence", found.get("error")), sys.stdout)
    say(f"{summary['seconds']['total']:.1f} s, "
        f"{summary['peak_memory_bytes'] / 2**20:.0f} MiB at the most", sys.stdout)


def describe(key, pair):
    text = f"{key}: {pair['domains']} domain{'' if pair['domains'] == 1 else 's'} of {pair['ions_extracted']} ordered ions"
    if pair["number_density_m3"]:
        text += f", {pair['number_density_m3']:.3g} per m3"
    if pair.get("mu") is not None:
        text += f"; mu {pair['mu']:.3f} against the first copy"
        if pair["mu_null"]["p95"] is not None:
            text += f" (null: mean {pair['mu_null']['mean']:.3f}, 95 % below {pair['mu_null']['p95']:.3f})"
    return f"{text}.\n  {pair['sentence']}"


def describe_order(species, order):
    domains = f"{order['domains']} domain{'' if order['domains'] == 1 else 's'} of {order['ordered_ions']} ions"
    text = f"{species} by Detect Order: {domains if order['domains'] else 'no domains'} at an FDR of {100 * order['fdr_level']:.3g} %"
    if order["domains_by_chance"] is not None:
        text += f" (chance gives {order['domains_by_chance']:.3g} as strong as the weakest)"
    if order["smallest_detectable_nm"] is not None:
        text += f"; half of all perfectly ordered domains of {order['smallest_detectable_nm']:.2f} nm can be found"
        if order["plane_share"] < PLANES_EVERYWHERE:
            text += f" where planes are resolved, around {100 * order['plane_share']:.0f} % of the ions"
    return (f"{text}; sigma_z {order['sigma_z_nm']:.3f} nm, coherence {order['plane_coherence']:.2f}\n"
            f"  {order['sigma_xy_source']}\n"
            f"  {order['verdict']}")


# --- the run ---


def analyse(options, progress):
    if options.extracted:
        return csro_pipeline.analyse_extracted(
            options.extracted, options.randomized, ranges=options.ranges, key=options.pairs, threads=options.threads,
            reference=options.reference, progress=progress)
    return csro_pipeline.analyse(
        options.ions, options.ranges, pairs=options.pairs, box=options.box, model=options.model,
        copies=options.copies, seed=options.seed, exchange=options.exchange, within=options.within,
        threads=options.threads, reference=options.reference, force=options.force,
        detect=None if options.detect is None else options.detect == "on", align=options.align,
        curves=options.curves, progress=progress,
        sensitivity=options.sensitivity, statistics=options.statistics, configuration=options.configuration)


def run(options, ending):
    line = Line(sys.stderr) if options.progress or is_terminal(sys.stderr) else None
    if line:
        ending.before_message = line.close
    if ranks() > 1:
        ending.abort = abort_ranks
    with Results(options.out, options.force, ending) as results:
        analysis = analyse(options, line)
        if analysis.classified:
            write_voxels(analysis, results.folder, options.curves)
        write_domains(analysis, results.folder)
        write_ordered(analysis, results.folder)
        write_statistics(analysis, results.folder)
        if options.render:
            import csro_pictures
            csro_pictures.draw(analysis, results.folder, file_name)
        if options.report:
            write_report(analysis, results.folder, options.render)
        analysis.measure()
        write_summary(analysis.results, results.folder)
        results.place()
    ending.before_message()
    for text in analysis.results["warnings"]:
        say(f"{PROGRAM}: warning: {text}", sys.stderr)
    say_results(analysis.results)


def run_states(options, ending):
    import csro_compare_states
    with Results(options.out, options.force, ending) as results:
        tables, sentences = csro_compare_states.compare(options.states)
        for name, columns in tables.items():
            write_table(os.path.join(results.folder, f"{name}.csv"), columns)
        results.place()
    for sentence in sentences:
        say(sentence, sys.stdout)


def main():
    ending = Ending(PROGRAM)
    ending.listen()
    try:
        options = parse_arguments(sys.argv[1:])
        (run_states if options.states else run)(options, ending)
    except Failure as failure:
        ending.before_message()
        say(f"{PROGRAM}: {failure}", sys.stderr)
        return 2
    except OSError as error:
        ending.before_message()
        say(f"{PROGRAM}: {error.filename or 'input or output'}: {error.strerror}", sys.stderr)
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

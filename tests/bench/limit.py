#!/usr/bin/python3
"""The benchmark of docs/performance.md, "The limit": the analysis and reference codes, alternating, in one
run, on the same ions, as a Markdown table of medians.

usage: limit.py [--bench DIRECTORY] [--repeat N] [--threads N] [--json FILE]

--bench is the folder of bench and bench_limit. Peers: SciPy's cKDTree with fast_histogram (else
numpy.histogram), PyTorch with the weights of the model file, scikit-learn's DBSCAN. Their results
are compared with ours before a time counts.
"""
import argparse
import base64
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
MODEL = os.path.join(ROOT, "xml", "models", "cocrni-002.xml")
BATCH, LAYER_STEP, EPS, MIN_SAMPLES = 512, 24, 0.4, 3


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", default=os.path.join(ROOT, "build", "release", "core", "bench"))
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json")
    return parser.parse_args()


def load_libraries(threads):
    """After the number of threads is known: OpenBLAS and OpenMP read it when they are loaded."""
    for name in "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS":
        os.environ[name] = str(threads)
    try:
        global numpy, torch, cKDTree, DBSCAN
        import numpy
        import torch
        from scipy.spatial import cKDTree
        from sklearn.cluster import DBSCAN
    except ImportError as error:
        sys.exit(f"limit.py: {error}; it needs python3-numpy, -scipy, -sklearn and -torch")
    torch.set_num_threads(threads)


def histogram_function():
    """The histogram and its name."""
    try:
        from fast_histogram import histogram1d
        return histogram1d, "fast_histogram"
    except ImportError:
        return (lambda x, bins, range: numpy.histogram(x, bins, range)[0]), "numpy.histogram"


def seconds_of(function, *values):
    begin = time.perf_counter()
    result = function(*values)
    return time.perf_counter() - begin, result


# ---- z-SDM ----

def read_voxels(folder):
    shape = numpy.fromfile(os.path.join(folder, "voxels.f8"))
    n = shape[4:7].astype(int)
    bins = int(shape[9])
    counts = numpy.fromfile(os.path.join(folder, "counts.u2"), "u2")
    layers = range(0, n[2], LAYER_STEP)
    centers = numpy.array([shape[:3] + shape[3] * numpy.array([i, j, k])
                           for k in layers for j in range(n[1]) for i in range(n[0])])
    counts = counts.reshape(n[2], -1, bins)[::LAYER_STEP].reshape(-1, bins)
    return {"centers": centers, "counts": counts, "radius": shape[7], "half_range": shape[8],
            "bins": bins}


def voxel_zsdms(xyz, voxels, histogram):
    """The z-SDM of each voxel. Returns curves and unique pairs."""
    reach, curves, pairs = voxels["half_range"], [], 0
    tree = cKDTree(xyz)
    for ball in tree.query_ball_point(voxels["centers"], voxels["radius"]):
        x, z = xyz[ball, 0], xyz[ball, 2]
        dx, dz = x[:, None] - x, z[:, None] - z
        counting = (dx != 0) & (dz != 0)
        curves.append(histogram(dz[counting], voxels["bins"], (-reach, reach)))
        pairs += len(ball) * (len(ball) - 1) // 2
    return numpy.array(curves), pairs


def region_zsdm(xyz, bins, half_range, histogram):
    """One z-SDM of all pairs. Returns unique pairs."""
    pairs = cKDTree(xyz).query_pairs(half_range, output_type="ndarray")
    dx, dz = (xyz[pairs[:, 0], a] - xyz[pairs[:, 1], a] for a in (0, 2))
    dz = dz[(dx != 0) & (dz != 0)]
    histogram(dz, bins, (-half_range, half_range))
    histogram(-dz, bins, (-half_range, half_range))
    return len(dz)


def check_zsdms(found, expected):
    """fast_histogram rounds differently at the edges of bins: a pair may be one bin further."""
    moved = numpy.abs(found - expected.astype(float)).sum() / expected.sum()
    if moved > 1e-3:
        sys.exit(f"limit.py: the z-SDMs of the peer differ in {100 * moved:.2f} % of the counts")


# ---- networks ----

def read_weights(member):
    values = {}
    for element in member.findall("{*}weights"):
        data = numpy.frombuffer(base64.b64decode(element.text), "<f4")
        values[int(element.get("layer")), element.get("kind")] = torch.from_numpy(data.copy())
    return values


def read_network(architecture, member, positions):
    """One member as a PyTorch module. Keras flattens [position][channel], PyTorch the reverse."""
    weights, layers, channels = read_weights(member), [], 1
    for index, element in enumerate(architecture):
        kind = element.tag.split("}")[1]
        if kind == "conv1d":
            size, filters = int(element.get("kernel")), int(element.get("filters"))
            layer = torch.nn.Conv1d(channels, filters, size)
            kernel = weights[index, "kernel"].reshape(size, channels, filters)
            layer.weight.data = kernel.permute(2, 1, 0).contiguous()
            positions, channels = positions - size + 1, filters
        elif kind == "maxpool":
            layer = torch.nn.MaxPool1d(int(element.get("size")))
            positions //= int(element.get("size"))
        elif kind == "flatten":
            layer = torch.nn.Flatten()
        elif kind == "dense":
            units = int(element.get("units"))
            layer = torch.nn.Linear(positions * channels, units)
            kernel = weights[index, "kernel"].reshape(positions, channels, units)
            layer.weight.data = kernel.permute(2, 1, 0).reshape(units, -1).contiguous()
            positions, channels = 1, units
        else:  # dropout
            continue
        layers.append(layer)
        if (index, "bias") in weights:
            layer.bias.data = weights[index, "bias"]
        if element.get("activation") == "relu":
            layers.append(torch.nn.ReLU())
        elif element.get("activation") == "softmax":
            layers.append(torch.nn.Softmax(1))
    return torch.nn.Sequential(*layers).eval()


def read_networks(path):
    """The members and the positions of their curves."""
    root = ElementTree.parse(path).getroot()
    positions = int(root.find("{*}bins").get("kept"))
    architecture = root.find("{*}architecture")
    members = root.findall("{*}member")
    return [read_network(architecture, member, positions) for member in members], positions


def apply_networks(networks, curves):
    """Probability of order of each network, in batches."""
    with torch.inference_mode():
        return torch.stack([torch.cat([network(batch)[:, 1] for batch in curves.split(BATCH)])
                            for network in networks])


def check_networks(found, folder):
    expected = numpy.fromfile(os.path.join(folder, "probability.f4"), "f4").reshape(found.shape)
    difference = numpy.abs(found.numpy() - expected).max()
    if not difference < 1e-4:
        sys.exit(f"limit.py: the networks of the peer differ by {difference}")


# ---- DBSCAN ----

def peak_memory(restart=False):
    """Peak of the memory in bytes; with restart the memory now, where the next peak begins."""
    if restart:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    with open("/proc/self/status") as file:
        fields = dict(line.split(":", 1) for line in file)
    return 1024 * int(fields["VmRSS" if restart else "VmHWM"].split()[0])


def run_dbscan(xyz, threads):
    """Seconds, bytes per ion beyond ions and labels, domains."""
    before = peak_memory(restart=True)
    seconds, labels = seconds_of(
        DBSCAN(eps=EPS, min_samples=MIN_SAMPLES, n_jobs=threads).fit_predict, xyz)
    used = peak_memory() - before - labels.nbytes
    return seconds, used / len(xyz), int(labels.max()) + 1


# ---- rounds and tables ----

def run_bench(options, program, *more):
    path = os.path.join(options.bench, program)
    done = subprocess.run([path, "--threads", str(options.threads), *more], stdout=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"limit.py: {path} failed")
    return done.stdout


class Peers:
    def __init__(self, folder, options):
        self.folder, self.threads = folder, options.threads
        self.histogram, self.histogram_name = histogram_function()
        read = lambda name: numpy.fromfile(os.path.join(folder, name), "f4")
        self.ions = read("ions.f4").reshape(-1, 3).astype(float)
        self.species = read("species.f4").reshape(-1, 3).astype(float)
        self.voxels = read_voxels(folder)
        self.networks, positions = read_networks(MODEL)
        self.curves = torch.from_numpy(read("curves.f4").reshape(-1, 1, positions))

    def round(self):
        voxels = self.voxels
        zsdm, (curves, pairs) = seconds_of(voxel_zsdms, self.species, voxels, self.histogram)
        check_zsdms(curves, voxels["counts"])
        region, region_pairs = seconds_of(region_zsdm, self.species, voxels["bins"],
                                          voxels["half_range"], self.histogram)
        networks, found = seconds_of(apply_networks, self.networks, self.curves)
        check_networks(found, self.folder)
        dbscan, dbscan_bytes, domains = run_dbscan(self.ions, self.threads)
        return {"zsdm": pairs / zsdm, "region": region_pairs / region,
                "networks": len(self.curves) / networks,
                "dbscan": len(self.ions) / dbscan / self.threads,
                "dbscan_bytes": dbscan_bytes, "domains": domains}


def our_round(options, folder):
    path = os.path.join(folder, "bench.json")
    run_bench(options, "bench", "--repeat", "1", "--json", path)
    with open(path) as file:
        steps = json.load(file)
    alone = json.loads(run_bench(options, "bench_limit"))
    seconds, threads = steps["seconds"], options.threads
    ours = {"zsdm " + bins: alone["pairs"] / s / threads for bins, s in alone["zsdm"].items()}
    ours.update({
        "zsdm_seconds": seconds["z-SDM, one species"],
        "region": alone["region"]["pairs"] / alone["region"]["seconds"] / threads,
        "preprocess": threads * seconds["preprocessing, one species"] / steps["voxels_defined"],
        "share": steps["network_flops"] / steps["sgemm_flops"],
        "networks": steps["voxels_defined"] / seconds["five networks, one species"],
        "dbscan": alone["ions"] / alone["dbscan"]["seconds"] / threads,
        "dbscan_bytes": alone["dbscan"]["bytes_per_ion"],
        "domains": alone["dbscan"]["domains"],
        "job": seconds["three species and one randomised copy, end to end"],
        "rest": seconds["the same without the networks"]})
    return ours


def medians(rounds):
    return {key: statistics.median(round_[key] for round_ in rounds) for key in rounds[0]}


def print_table(ours, peers, histogram_name):
    def row(text, value, goal, peer="", factor=""):
        print(f"| {text} | {value} | {goal} | {peer} | {factor} |")

    scipy = f"cKDTree and {histogram_name}"
    print("| | here | goal | peer | times |\n|---|---:|---:|---:|---:|")
    row("z-SDM of one species, all voxels, s", f"{ours['zsdm_seconds']:.3f}", "<= 0.25")
    for key in ours:
        if not key.startswith("zsdm "):
            continue
        same = key == "zsdm 200 of 200"
        row(f"z-SDM, {key[5:]} bins, million pairs/s and core", f"{ours[key] / 1e6:.0f}", ">= 300",
            f"{peers['zsdm'] / 1e6:.2f} ({scipy})" if same else "",
            f"{ours[key] / peers['zsdm']:.0f}" if same else "")
    row("z-SDM of the whole specimen, million pairs/s and core", f"{ours['region'] / 1e6:.0f}", "",
        f"{peers['region'] / 1e6:.2f} ({scipy})", f"{ours['region'] / peers['region']:.0f}")
    row("preprocessing, microseconds/curve and core", f"{1e6 * ours['preprocess']:.2f}", "<= 8")
    row("networks, share of sgemm", f"{100 * ours['share']:.0f} %", ">= 85 %")
    row("five networks, thousand curves/s", f"{ours['networks'] / 1e3:.0f}", ">= 3 x",
        f"{peers['networks'] / 1e3:.0f} (PyTorch)", f"{ours['networks'] / peers['networks']:.1f}")
    row("DBSCAN, million ions/s and core", f"{ours['dbscan'] / 1e6:.2f}", ">= 2",
        f"{peers['dbscan'] / 1e6:.3f} (scikit-learn)", f"{ours['dbscan'] / peers['dbscan']:.0f}")
    row("DBSCAN, bytes/ion beyond input and output", f"{ours['dbscan_bytes']:.0f}", "<= 40",
        f"{peers['dbscan_bytes']:.0f} (scikit-learn)",
        f"{peers['dbscan_bytes'] / ours['dbscan_bytes']:.0f}")
    row("three species and one randomised copy, s", f"{ours['job']:.1f}", "<= 40")
    row("the same without the networks, s", f"{ours['rest']:.1f}", "<= 12")


def main():
    options = arguments()
    load_libraries(options.threads)
    ours, peers = [], []
    with tempfile.TemporaryDirectory() as folder:
        run_bench(options, "bench_limit", "--export", folder)
        others = Peers(folder, options)
        for number in range(options.repeat):
            print(f"round {number + 1} of {options.repeat}", file=sys.stderr)
            ours.append(our_round(options, folder))
            peers.append(others.round())
            if ours[-1]["domains"] != peers[-1]["domains"]:
                sys.exit(f"limit.py: {ours[-1]['domains']} domains here, "
                         f"{peers[-1]['domains']} from scikit-learn")
    print(f"{options.threads} threads, medians of {options.repeat} rounds alternating\n")
    print_table(medians(ours), medians(peers), others.histogram_name)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"ours": ours, "peers": peers}, file, indent=1)


if __name__ == "__main__":
    main()

"""The same ions in SciPy and scikit-learn, and how long each takes.

    pvpython tests/bench/peers.py [--ions 1.4e6]

needs the packages python3-scipy and python3-sklearn. Compared in a specimen of 12 x 12 x 12 nm: mean distances of the
1st to 10th nearest neighbour with scipy.spatial.cKDTree (to 1e-9 nm), Cluster Domains with sklearn.cluster.DBSCAN and
Maximum Separation with the connected components of cKDTree pairs (same ions in the same clusters). Then the times of
the same neighbours, k = 10, in a specimen of so many ions: without copies and with 20 copies.
"""

import argparse
import os
import sys
import time

import numpy
import scipy.sparse
import scipy.spatial
import sklearn.cluster

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "sample_states"))
import csro_outputs  # noqa: E402
import csro_plugin  # noqa: E402
from paraview.vtk.util.numpy_support import vtk_to_numpy  # noqa: E402

EPS, MIN_SAMPLES, NEAREST = 0.3, 6, 10


def output(proxy):
    proxy.UpdatePipeline()
    return csro_outputs.output(proxy)


def array(data, name, kind="Point"):
    return vtk_to_numpy(getattr(data, f"Get{kind}Data")().GetAbstractArray(name))


def positions(data):
    return vtk_to_numpy(data.GetPoints().GetData()).astype(float)


def of_species(data, name):
    names = data.GetFieldData().GetAbstractArray("SpeciesNames")
    label = next(i for i in range(names.GetNumberOfValues()) if names.GetValue(i) == name)
    return array(data, "Species") == label


def same_clusters(ours, theirs, cores):
    """Cores are in the same clusters, and what is noise is the same; an ion at the border of two may be in either."""
    pairs = set(zip(ours[cores].tolist(), theirs[cores].tolist()))
    one_to_one = len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    return one_to_one and bool(((ours < 0) == (theirs < 0)).all())


def compare(apt):
    specimen = apt.SimulateAPT(Shape="Box", Width=[12, 12], Height=12, DomainDensity=0.05)
    ions = output(specimen)
    where, nickel = positions(ions), of_species(ions, "Ni")
    tree = scipy.spatial.cKDTree(where[nickel])
    distances = tree.query(where[nickel], NEAREST + 1)[0][:, 1:]
    measured = csro_outputs.columns_of(output(
        apt.NearestNeighbours(Input=specimen, Pairs="Ni-Ni", NearestNeighbours=NEAREST, Reach=5, Copies=0)))
    worst = numpy.abs(numpy.array(measured["MeanDistance_nm"]) - distances.mean(0)).max()
    print(f"nearest neighbours, {nickel.sum()} ions of Ni: means differ by at most {worst:.1e} nm")
    assert worst < 1e-9

    clustered = apt.ClusterDomains(Input=specimen, Eps=EPS, MinSamples=MIN_SAMPLES)
    found = output(clustered)
    theirs = sklearn.cluster.DBSCAN(eps=EPS, min_samples=MIN_SAMPLES).fit(positions(found))
    ours, cores = array(found, "DomainId"), theirs.core_sample_indices_
    print(f"DBSCAN, {len(ours)} ions: {ours.max() + 1} and {theirs.labels_.max() + 1} clusters, "
          f"{(ours < 0).sum()} and {(theirs.labels_ < 0).sum()} ions of noise")
    assert same_clusters(ours, theirs.labels_, cores)

    distance, least = 0.25, 5
    separation = apt.MaximumSeparation(Input=specimen, Species="Ni", Distance=distance, MinimumSize=least, Order=0,
                                       Copies=0)
    found = output(separation)
    pairs = tree.query_pairs(distance, output_type="ndarray")
    matrix = scipy.sparse.coo_matrix((numpy.ones(len(pairs)), pairs.T), (nickel.sum(), nickel.sum()))
    labels = scipy.sparse.csgraph.connected_components(matrix, directed=False)[1]
    sizes = numpy.bincount(labels)
    ours = numpy.sort(numpy.unique(array(found, "DomainId"), return_counts=True)[1])
    print(f"maximum separation: {len(ours)} and {(sizes >= least).sum()} clusters")
    assert (ours == numpy.sort(sizes[sizes >= least])).all()
    taken = {tuple(row) for row in positions(found)}
    assert taken == {tuple(row) for row in where[nickel][sizes[labels] >= least]}


def measure(apt, wanted):
    height = 48.0 * wanted / 1.4e6
    specimen = apt.SimulateAPT(Shape="Box", Width=[25, 25], Height=height, DomainDensity=0.05)
    ions = output(specimen)
    where = positions(ions)
    ranged = array(ions, "Species") > 0
    names = ("Co", "Cr", "Ni")
    members = [where[of_species(ions, name)] for name in names]
    begin = time.perf_counter()
    for points in members:
        scipy.spatial.cKDTree(points).query(points, NEAREST + 1)
    theirs = time.perf_counter() - begin
    print(f"{ranged.sum()} ions, Co-Co, Cr-Cr and Ni-Ni, k = {NEAREST}: SciPy {theirs:.1f} s", flush=True)
    for copies in 0, 20:
        neighbours = apt.NearestNeighbours(Input=specimen, NearestNeighbours=NEAREST, Copies=copies)
        begin = time.perf_counter()
        neighbours.UpdatePipeline()
        ours = time.perf_counter() - begin
        print(f"Nearest Neighbours with {copies} copies {ours:.1f} s, {theirs * (copies + 1) / ours:.1f} times as fast as "
              "SciPy for data and copies", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ions", type=float, default=1.4e6)
    options = parser.parse_args()
    apt = csro_plugin.load_plugin()
    compare(apt)
    if options.ions > 0:
        measure(apt, options.ions)


if __name__ == "__main__":
    main()

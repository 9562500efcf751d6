"""Configurations on lattices as files of extended XYZ, for the tests."""
import numpy

BASES = {'fcc': [[0, 0, 0], [0, .5, .5], [.5, 0, .5], [.5, .5, 0]], 'bcc': [[0, 0, 0], [.5, .5, .5]]}


def sites(lattice, cells):
    """Sites in units of a: [n][3]."""
    grid = numpy.array(numpy.meshgrid(*3 * [numpy.arange(cells)], indexing='ij')).reshape(3, -1).T
    return (grid[:, None] + numpy.array(BASES[lattice])).reshape(-1, 3)


def write(path, names, points, edge, jitter=0, seed=0):
    """points in nm, in a cube with this edge in nm."""
    moved = 10 * (points + jitter * (2 * numpy.random.default_rng(seed).random(points.shape) - 1))
    with open(path, 'w') as file:
        file.write(f'{len(names)}\nLattice="{10 * edge!r} 0 0 0 {10 * edge!r} 0 0 0 {10 * edge!r}"\n')
        for name, r in zip(names, moved):
            file.write(f'{name} {float(r[0])!r} {float(r[1])!r} {float(r[2])!r}\n')
    return path

"""Predicts weak and strong scaling of the analysis from what tests/bench/scaling.py has measured on one core:

    /usr/bin/python3 tests/bench/scaling_model.py [--voxels NS] [--zsdm NS] [--networks NS] [--domains NS] ...

and prints Markdown. docs/cluster.md explains the terms. Times per ion are of one core and one species, so a rank is one
core; a rank of several threads stands for as many."""
import argparse
import math

COUNTER = 8  # bytes
NUMBER = 16  # bytes of what numbers an ion in DBSCAN, and of its domain and size
CELL = 0.5  # nm, what cuts between boxes are rounded to: the stride


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = lambda name, default, text: parser.add_argument(  # noqa: E731
        name, type=float, default=default, help=f'{text} (default {default:g})')
    add('--voxels', DEFAULTS['voxels'], 'ns per ion: counting ions in voxels')
    add('--zsdm', DEFAULTS['zsdm'], 'ns per ion: z-SDMs')
    add('--networks', DEFAULTS['networks'], 'ns per ion: preprocessing and networks')
    add('--domains', DEFAULTS['domains'], 'ns per ion: extraction and DBSCAN')
    add('--spread', DEFAULTS['spread'], 'ns per ion: listing, packing and sorting in the ions that several ranks share')
    add('--ordered', DEFAULTS['ordered'], 'share of the ions that is clustered')
    add('--memory', DEFAULTS['memory'], 'bytes per ion, with the z-SDMs of all voxels, without ParaView itself')
    add('--density', 44.6, 'ions per nm3')
    add('--aspect', 6, 'height of the specimen over its width')
    add('--ball', 0.75, 'nm, halo of voxels and z-SDMs')
    add('--eps', 0.4, 'nm, of DBSCAN; its halo is twice that')
    add('--latency', 20e-6, 's of one message, with what ParaView adds')
    add('--bandwidth', 0.5e9, 'bytes/s of one rank while all of its node send')
    add('--rounds', 4, 'rounds in which DBSCAN joins components of ranks')
    add('--bytes-per-domain', 200, 'of the table on the first rank')
    add('--domain-ions', 62, 'ordered ions of a domain')
    add('--table', 2e-6, 's per domain on the first rank')
    return parser.parse_args()


# what tests/bench/scaling.py printed on the machine in docs/performance.md
DEFAULTS = {'voxels': 306, 'zsdm': 307, 'networks': 1868, 'domains': 27, 'spread': 532, 'ordered': 0.0187,
            'memory': 165}


def boxes(model, ions, ranks):
    """Edges (nm) of a rank's box, and how many boxes lie along each axis: halves of the longest edge in turn."""
    width = (ions / model.density / model.aspect) ** (1 / 3)
    edges, parts = [width, width, width * model.aspect], [1, 1, 1]
    while math.prod(parts) < ranks:
        axis = edges.index(max(edges))
        edges[axis] /= 2
        parts[axis] *= 2
    return edges, parts


def halo(model, edges, parts, radius, density):
    """Ions of other ranks within the radius of an inner box."""
    outer = [edge + min(count - 1, 2) * radius for edge, count in zip(edges, parts)]
    return density * (math.prod(outer) - math.prod(edges))


def pairwise(model, ranks, bytes_sent):
    """Size and data to every other rank in turn, then size and data from it."""
    return 4 * (ranks - 1) * model.latency + (2 * bytes_sent / model.bandwidth if ranks > 1 else 0)


def moved(model, ranks, ions):
    """Positions, then labels."""
    return pairwise(model, ranks, 12 * ions) + pairwise(model, ranks, 2 * ions)


def reduction(model, ranks, size):
    levels = math.ceil(math.log2(ranks)) if ranks > 1 else 0
    return 2 * levels * model.latency + (2 * size / model.bandwidth if ranks > 1 else 0)


def partition(model, ions, ranks):
    """One all-reduce of counters per level of the tree of boxes."""
    width = (ions / model.density / model.aspect) ** (1 / 3)
    cells = width * model.aspect / CELL  # along the longest axis
    return sum(reduction(model, ranks, 2**level * cells / 2**(level / 3) * COUNTER)
               for level in range(math.ceil(math.log2(ranks)) if ranks > 1 else 0))


def predict(model, ions, ranks):
    own = ions / ranks
    edges, parts = boxes(model, ions, ranks)
    # a cut lies within half a cell of where it halves the ions
    uneven = math.prod(1 + 0.5 * CELL / edge if count > 1 else 1 for edge, count in zip(edges, parts))
    near = halo(model, edges, parts, model.ball, model.density)
    joined = halo(model, edges, parts, 2 * model.eps, model.density * model.ordered)
    compute = 1e-9 * own * uneven * (model.voxels * (1 + near / own) + model.zsdm + model.networks
                                     + model.domains * (1 + joined / (own * model.ordered)))
    ordered = own * model.ordered
    compute += 1e-9 * own * model.spread if ranks > 1 else 0
    # voxels, z-SDMs: ions to their owners, copies for the halo
    exchange = partition(model, ions, ranks) + 2 * (moved(model, ranks, own) + moved(model, ranks, near))
    # extraction: ions to the pixels (nothing to owners: sizes alone), a byte back
    exchange += moved(model, ranks, 0) + moved(model, ranks, own) + pairwise(model, ranks, own)
    # DBSCAN
    exchange += partition(model, ions, ranks) + moved(model, ranks, ordered) + moved(model, ranks, joined)
    exchange += 2 * pairwise(model, ranks, NUMBER * ordered) + 2 * model.rounds * pairwise(model, ranks, NUMBER * joined)
    domains = ions * model.ordered / model.domain_ions
    table = domains * model.table + (domains * model.bytes_per_domain / model.bandwidth if ranks > 1 else 0)
    return {'ions': ions, 'ranks': ranks, 'own': own, 'halo': near / own, 'compute': compute, 'exchange': exchange,
            'table': table, 'all': compute + exchange + table, 'memory': own * (1 + near / own) * model.memory}


def show(title, rows, ideal):
    print(f'\n{title}\n')
    print('| ranks | ions | ions of a rank | halo | compute, s | exchange, s | tables, s | all, s | efficiency '
          '| memory of a rank, GiB |')
    print('|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|')
    for row in rows:
        print(f"| {row['ranks']} | {row['ions'] / 1e6:.4g} M | {row['own'] / 1e6:.3g} M | {100 * row['halo']:.0f} % "
              f"| {row['compute']:.4g} | {row['exchange']:.3g} | {row['table']:.3g} | {row['all']:.4g} "
              f"| {100 * ideal(row) / row['all']:.0f} % | {row['memory'] / 2**30:.2f} |")


def main():
    model = parse()
    ranks = [2**k for k in range(11)]
    weak = [predict(model, 1e9 / 1024 * count, count) for count in ranks]
    show('Weak scaling, 0.98 M ions per rank, up to 1 billion:', weak, lambda row: weak[0]['all'])
    for ions in 1e9, 10e6:
        strong = [predict(model, ions, count) for count in ranks]
        show(f'Strong scaling, {ions / 1e6:.0f} M ions:', strong, lambda row: strong[0]['all'] / row['ranks'])


main()

"""Order parameters of simulated specimens, by shells, nearest neighbours and planes; against brute force; the periodic box."""
import itertools
import os

import numpy
from harness import Errors, array, check, column, equal, output, simple, temporary


def rows(**properties):
    table = output(simple.OrderParameters(**properties))
    names = [table.GetColumnName(i) for i in range(table.GetNumberOfColumns())]
    return table, [dict(zip(names, row)) for row in zip(*(column(table, name) for name in names))]


# Every second plane is rich in Ni: by planes, alpha alternates; the copies have nothing of it.
specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, DomainDensity=0.05, SigmaZ=0.04, Diameter=[1.5, 2.5])
table, found = rows(Input=specimen, By='Plane offsets', PlaneOffsets=3)
equal(len(found), 9 * 4)
nickel = [row for row in found if row['Pair'] == 'Ni-Ni']
equal([row['Planes'] for row in nickel], [0, 1, 2, 3])
equal([numpy.sign(row['Alpha']) for row in nickel], [-1, 1, -1, 1])
for row in nickel[:3]:
    equal(row['P'], 0.05)
    check(abs(row['Z']) > 5 and row['Low'] < row['Alpha'] < row['High'] and abs(row['CopiesMean']) < 0.01, row)
    check(row['UpperLimit'] > abs(row['Alpha']) > 0.02, row)
check('Ni-Ni, 1 plane apart: alpha = ' in nickel[1]['Words'] and 'domains of 1.5 nm per m3' in nickel[1]['Words'])
check('p = 0.05: more order than chance gives' in array(table, 'OrderParameters', 'Field')[0])
check(abs(array(table, 'PlaneSpacing_nm', 'Field')[0] - 0.18) < 0.001)
curves = output(simple.OrderParameters(Input=specimen, By='Plane offsets', PlaneOffsets=3), 1)
equal(list(column(curves, 'Planes')), [0, 1, 2, 3])
equal(list(column(curves, 'Alpha_Ni_Ni')), [row['Alpha'] for row in nickel])

# What can be detected: this data set lies where the map has it.
map_ = output(simple.OrderParameters(Input=specimen, By='Plane offsets', Species='Ni', Copies=59), 2)
sigma = list(column(map_, 'SigmaZ_nm'))
equal(sigma, sorted(sigma))
place = [i for i, value in enumerate(column(map_, 'ThisDataSet')) if value == value]
equal(len(place), 1)
check(abs(sigma[place[0]] - 0.04) < 0.005, sigma)
own, expected = array(map_, 'SmallestDetectable', 'Field')[0], array(map_, 'SmallestOfMap', 'Field')[0]
equal(column(map_, 'ThisDataSet')[place[0]], own)
check(0.6 < own / expected < 1.6, (own, expected))
check(column(map_, 'Alpha_at_100')[place[0]] < expected < column(map_, 'Alpha_at_10')[place[0]])
check('Ni-Ni, 1 plane apart: with sigma_z = 0.0' in array(map_, 'GoNoGo', 'Field')[0], array(map_, 'GoNoGo', 'Field')[0])
equal(output(simple.OrderParameters(Input=specimen, Copies=2), 2).GetNumberOfRows(), 0)

# The same of a random alloy: nothing, and a limit.
random = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=10, DomainDensity=0)
table, found = rows(Input=random, By='Plane offsets', Copies=39)
check(array(table, 'PValue', 'Field')[0] > 0.05)
check(all(abs(row['Alpha']) < row['UpperLimit'] < 0.2 for row in found))

# Shells and nearest neighbours against brute force.
part = simple.Threshold(Input=specimen, Scalars=['POINTS', 'IonId'], LowerThreshold=0, UpperThreshold=2500)
ions = output(part)
species, names = array(ions, 'Species'), array(ions, 'SpeciesNames', 'Field')
points = numpy.array([ions.GetPoint(i) for i in range(ions.GetNumberOfPoints())])
species = numpy.array(species)
points, species = points[species > 0], species[species > 0]
distance = numpy.sqrt(((points[:, None] - points[None]) ** 2).sum(2))
distance[distance == 0] = numpy.inf
label = {name: names.index(name) for name in ('Co', 'Cr', 'Ni')}
nearest = numpy.argsort(distance, 1, kind='stable')
_, shells = rows(Input=part, Copies=0, Radii=[0.2, 0.8], Shells=3)
_, ranked = rows(Input=part, Copies=0, By='Nearest neighbours', NearestNeighbours=5)
for pair, k in itertools.product(itertools.product(label, label), range(5)):
    of_a, of_b = species == label[pair[0]], species == label[pair[1]]
    share = of_b.mean()
    row = next(row for row in ranked if row['Pair'] == '-'.join(pair) and row['NearestNeighbours'] == k + 1)
    check(abs(row['Alpha'] - (1 - of_b[nearest[of_a, :k + 1]].mean() / share)) < 1e-12)
    if k < 3:
        near = (distance >= 0.2 + 0.2 * k) & (distance < 0.2 + 0.2 * (k + 1))
        row = [row for row in shells if row['Pair'] == '-'.join(pair)][k]
        equal(row['Neighbours'], near[of_a].sum())
        check(abs(row['Alpha'] - (1 - near[of_a][:, of_b].sum() / near[of_a].sum() / share)) < 1e-12)
check('without randomised copies' in shells[0]['Words'])

# Maps of single ions and of cells against brute force, by shell and by rank; alpha of all is that of the table.
def check_map(near, by, **properties):
    """near[i, j]: whether j is a neighbour of i."""
    proxy = simple.OrderParameters(Input=part, By=by, Maps=1, CellSize=1.5, Copies=1, **properties)
    found = output(proxy, 3)
    of = numpy.array(array(found, 'Species'))
    place = numpy.array([found.GetPoint(i) for i in range(found.GetNumberOfPoints())])[of > 0]
    cell = numpy.floor(place / 1.5).astype(int)
    for a, b in (('Ni', 'Ni'), ('Co', 'Ni')):
        values = {name: numpy.array(array(found, f'{name}_{a}_{b}')) for name in ('Alpha', 'CellAlpha', 'CopyCellAlpha')}
        check(numpy.isnan(values['Alpha'][of == 0]).all())
        values = {name: value[of > 0] for name, value in values.items()}
        count, chance = numpy.zeros(len(place)), numpy.zeros(len(place))
        for one, other in {(a, b), (b, a)}:
            rows, partner = species == label[one], species == label[other]
            like = (near & partner[None]).sum(1)[rows]
            expected = near.sum(1)[rows] * partner.mean()
            with numpy.errstate(invalid='ignore', divide='ignore'):
                single = 1 - like / expected
            check(numpy.allclose(values['Alpha'][rows], single, atol=1e-5, equal_nan=True), (by, one, other))
            count[rows], chance[rows] = like, expected
        check(numpy.isnan(values['Alpha'][(species != label[a]) & (species != label[b])]).all())
        image = output(proxy, 4)
        for name in 'CellAlpha', 'CopyCellAlpha':
            cells = numpy.array(array(image, f'{name}_{a}_{b}'))
            at = [image.FindPoint(r) for r in (cell + 0.5) * 1.5]
            check(numpy.array_equal(cells[at], values[name], equal_nan=True), (by, name))
        for i in range(0, len(place), 97):
            inside = (cell == cell[i]).all(1)
            if chance[inside].sum() > 0:
                check(abs(values['CellAlpha'][i] - 1 + count[inside].sum() / chance[inside].sum()) < 1e-4, (by, i))
        check(not numpy.array_equal(values['CellAlpha'], values['CopyCellAlpha']))


check_map((distance >= 0.4) & (distance < 0.6), 'Radial shells', Radii=[0.2, 0.8], Shells=3, MapOf=2)
ranks = numpy.argsort(nearest, 1)
check_map(ranks < 4, 'Nearest neighbours', NearestNeighbours=5, MapOf=4)

# Planes: single ions scatter much more than the order makes; cells with order differ from those of the copy on average.
proxy = simple.OrderParameters(Input=specimen, By='Plane offsets', Maps=1, Species='Ni')
found = output(proxy, 3)
check(numpy.nanmean(array(found, 'CellAlpha_Ni_Ni')) > numpy.nanmean(array(found, 'CopyCellAlpha_Ni_Ni')) + 0.01)
check(numpy.nanstd(array(found, 'Alpha_Ni_Ni')) > numpy.nanstd(array(found, 'CellAlpha_Ni_Ni')))
equal(output(simple.OrderParameters(Input=specimen, Copies=0), 3).GetNumberOfPoints(), 0)
equal(output(simple.OrderParameters(Input=specimen, Copies=0), 4).GetNumberOfPoints(), 0)

# A periodic crystal of L1_2: the values of the first shell.
path = os.path.join(temporary, 'l12.csv')
with open(path, 'w') as file:
    file.write('x,y,z,Species\n')
    for cell in itertools.product(range(5), repeat=3):
        for site, name in (((0, 0, 0), 'Al'), ((.5, .5, 0), 'Ni'), ((.5, 0, .5), 'Ni'), ((0, .5, .5), 'Ni')):
            file.write(','.join(f'{0.36 * (c + s):.6f}' for c, s in zip(cell, site)) + f',{name}\n')
crystal = simple.APTReader(FileName=path)
_, found = rows(Input=crystal, Copies=0, Radii=[0, 0.3], Shells=1, Period=[1.8, 1.8, 1.8])
alpha = {row['Pair']: row['Alpha'] for row in found}
for pair, expected in {'Al-Al': 1, 'Al-Ni': -1 / 3, 'Ni-Al': -1 / 3, 'Ni-Ni': 1 / 9}.items():
    check(abs(alpha[pair] - expected) < 1e-12, alpha)
_, found = rows(Input=crystal, Copies=0, Radii=[0, 0.3], Shells=1, Period=[1.8, 1.8, 1.8], Species='Al')
equal([row['Pair'] for row in found], ['Al-Al'])
check(abs(found[0]['Multicomponent'] + 1 / 3) < 1e-12)

# Errors, each once.
for text, properties in (('the second is not larger', dict(Radii=[1, 1])),
                         ("'Fe' is no species", dict(Species='Fe')),
                         ('a period of 1 nm along x', dict(Period=[1, 0, 0])),
                         ('MapOf is 7, expected 0 to 6', dict(By='Plane offsets', Maps=1, MapOf=7)),
                         ('MapOf is 0, expected 1 to 10', dict(Maps=1, MapOf=0)),
                         ('Maps are not for a periodic box', dict(Maps=1, Period=[9, 9, 0])),
                         ('Period is for shells', dict(By='Plane offsets', Period=[1, 0, 0]))):
    proxy = simple.OrderParameters(Input=specimen, **properties)
    errors = Errors(proxy)
    output(proxy)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts)

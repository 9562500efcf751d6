"""Atoms of simulations as ions: LAMMPS dumps and extended XYZ in and out, with their periodic box."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, simple, temporary
from paraview import servermanager

lattice = 0.36
cells = numpy.array(numpy.meshgrid(*3 * [numpy.arange(6)], indexing='ij')).reshape(3, -1).T
basis = numpy.array([[0, 0, 0], [0, .5, .5], [.5, 0, .5], [.5, .5, 0]])
positions = (cells[:, None] + basis).reshape(-1, 3) * lattice
types = numpy.tile([1, 2, 2, 2], len(cells))  # L1_2
box = 6 * lattice
path = os.path.join(temporary, 'a.dump')
with open(path, 'w') as file:
    file.write(f'ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n{len(types)}\nITEM: BOX BOUNDS pp pp pp\n'
               + f'-1 {10 * box - 1!r}\n' * 3 + 'ITEM: ATOMS id type xs ys zs\n')
    for i, (kind, r) in enumerate(zip(types, positions)):
        file.write(f'{i + 1} {kind} {r[0] / box!r} {r[1] / box!r} {r[2] / box!r}\n')

atoms = simple.OpenDataFile(path)
equal(atoms.GetXMLName(), 'APTReader')
ions = output(atoms)
equal(array(ions, 'SpeciesNames', 'Field'), ['unranged', 'Type1', 'Type2'])
check(numpy.allclose(array(ions, 'CSRO_Box', 'Field'), numpy.diag(3 * [box]).ravel(), atol=1e-12))
check(numpy.allclose([ions.GetPoint(i) for i in range(len(types))], positions, atol=1e-12))
equal(list(array(ions, 'Species')), list(types))
check('MassToCharge' not in names(ions, 'Point'))

# The box counts where no Period is given: every atom has its 12 neighbours. alpha of L1_2 is -1/3 for unlike pairs.
table = output(simple.OrderParameters(Input=atoms, Species='Type1, Type2', Radii=[0.2, 0.3], Shells=1, Copies=0))
rows = dict(zip(column(table, 'Pair'), zip(column(table, 'Alpha'), column(table, 'Neighbours'))))
equal(rows['Type1-Type2'][1], 12 * 216)
for pair, alpha in {'Type1-Type1': 1, 'Type1-Type2': -1 / 3, 'Type2-Type1': -1 / 3, 'Type2-Type2': 1 / 9}.items():
    check(abs(rows[pair][0] - alpha) < 1e-12, (pair, rows[pair]))
table = output(simple.OrderParameters(Input=atoms, Species='Type1', Radii=[0.2, 0.3], Shells=1, Copies=0, Period=[9, 0, 0]))
check(column(table, 'Neighbours')[0] < 12 * 216)

# What is written has the box, and comes back.
for name in 'b.extxyz', 'b.dump', 'b.xyz':
    simple.SaveData(os.path.join(temporary, name), proxy=atoms)
    again = output(simple.APTReader(FileName=os.path.join(temporary, name)))
    check(numpy.allclose([again.GetPoint(i) for i in range(len(types))], positions, atol=1e-9), name)
    equal(array(again, 'SpeciesNames', 'Field'), ['unranged', 'Type1', 'Type2'])
    equal('CSRO_Box' in names(again, 'Field'), name != 'b.xyz')
equal(open(os.path.join(temporary, 'b.dump')).read().split('\n')[8:10], ['ITEM: ATOMS id type element x y z', '1 1 Type1 0 0 0'])

# The box goes on with ions that stay where they are; without it there is no dump.
check('CSRO_Box' in names(output(simple.RandomizeIons(Input=atoms)), 'Field'))
specimen = simple.SimulateAPT(Shape='Box', Width=[3, 3], Height=3)
factory = servermanager.vtkSMProxyManager.GetProxyManager().GetWriterFactory()
equal(['*.dump' in factory.GetSupportedFileTypes(proxy.SMProxy, 0) for proxy in (atoms, specimen)], [True, False])
broken = simple.APTReader(FileName=os.path.join(temporary, 'd.dump'))
with open(os.path.join(temporary, 'd.dump'), 'w') as file:
    file.write('ITEM: NUMBER OF ATOMS\nmany\n')
errors = Errors(broken)
broken.UpdatePipeline()
check(len(errors.texts) == 1 and "d.dump: line 2: 'many', expected the number of atoms" in errors.texts[0], errors.texts)

# A tilted box is not used for neighbours, which a warning says; where nothing is tilted there is none.
tilted = os.path.join(temporary, 'tilted.extxyz')
with open(tilted, 'w') as file:
    file.write('4\nLattice="8 0 0 1 8 0 0 0 8"\nNi 1 1 1\nNi 3 3 1\nNi 5 3 3\nNi 5 5 5\n')
for path, edges in (os.path.join(temporary, 'a.dump'), 0), (tilted, 1):
    shells = simple.OrderParameters(Input=simple.APTReader(FileName=path), Radii=[0.2, 0.32], Shells=1, Copies=0)
    errors = Errors(shells)
    output(shells)
    equal(sum('the periodic box is tilted, with the edges (0.8, 0, 0), (0.1, 0.8, 0)' in text for text in errors.warnings), edges)

# The published cell of three types: its Warren-Cowley matrix, with nothing typed but the shell.
reference = os.path.join(os.environ.get('CSRO_REFERENCE_DIR', ''), 'warren_cowley', 'fcc.dump')
if os.path.exists(reference):
    table = output(simple.OrderParameters(Input=simple.OpenDataFile(reference), Species='Type1, Type2, Type3', Radii=[0, 0.3],
                                          Shells=1, Copies=0))
    check(numpy.allclose(column(table, 'Alpha'), [0.33578938, -0.24112737, -0.09491391, -0.24112737, 0.06615814, 0.17515013,
                                                  -0.09491391, 0.17515013, -0.08016501], atol=1e-6))

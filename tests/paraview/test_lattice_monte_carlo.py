"""Lattice Monte Carlo: ions on the sites with their box, tables against temperature, files, runs, refusals."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple, temporary

source = simple.LatticeMonteCarlo(Interactions='Cu3Au-like L1_2', Cells=[8, 8, 16], Temperatures=[2000, 400],
                                  Equilibration=300, Sweeps=100, Shells=3)
ions = output(source)
equal(ions.GetNumberOfPoints(), 4096)
equal(array(ions, 'SpeciesNames', 'Field'), ['unranged', 'Cu', 'Au'])
species = array(ions, 'Species').copy()
equal(numpy.bincount(species).tolist(), [0, 3072, 1024])
check((array(ions, 'IonId') == numpy.arange(4096)).all())
check('MassToCharge' not in names(ions))
box = array(ions, 'CSRO_Box', 'Field')
check(numpy.allclose(box, [3, 0, 0, 0, 3, 0, 0, 0, 6]))
check(numpy.allclose(array(ions, 'CSRO_LatticeCell', 'Field'), 0.375))
basis = array(ions, 'CSRO_LatticeBasis', 'Field').reshape(-1, 3)
equal(basis.shape, (4, 3))

# The order of the sites: those of one basis site after the other, x fastest.
r = points(ions)
check(numpy.allclose(r[1] - r[0], [0.375, 0, 0]))
check(numpy.allclose(r[1024] - r[0], basis[1] * 0.375 - basis[0] * 0.375))

# The first shell of the table is that of the configuration: alpha of Au-Au falls with the temperature, to -1/3 of L1_2.
table = output(source, 1)
equal(column(table, 'Temperature_K').tolist(), [2000, 400])
energy, error = column(table, 'Energy_eV'), column(table, 'StandardError_Energy_eV')
check(energy[1] < energy[0] - 10 * error[0] and (error > 0).all())
check((column(table, 'HeatCapacity_k') > 0).all() and (column(table, 'NearAccepted') > 0).all())
check('Order_L1_2_Au' in names(table, 'Row') and 'Order_B2_Au' not in names(table, 'Row'))
shells = output(source, 2)
equal(shells.GetNumberOfRows(), 6)
equal(column(shells, 'Shell').tolist(), [1, 2, 3, 1, 2, 3])
check(numpy.allclose(column(shells, 'Distance_nm')[:3], 0.375 * numpy.sqrt([0.5, 1, 1.5])))
alpha = column(shells, 'Alpha_Cu_Au')
check(abs(alpha[0]) < 0.15 and alpha[3] < -0.25)
au = r[species == 2]
difference = au[:, None, :] - au[None, :, :]
difference -= numpy.round(difference / [3, 3, 6]) * [3, 3, 6]
neighbours = (abs((difference ** 2).sum(axis=2) - 0.375 ** 2 / 2) < 1e-4).sum() / len(au)
check(abs((1 - neighbours / 12 / 0.25) - column(shells, 'Alpha_Au_Au')[3]) < 0.1)

# Threads do not matter, the seed does; runs are pooled, and the ions stay those of the first.
source.Threads = 1
check((array(output(source), 'Species') == species).all())
source.Threads = 0
source.Runs = 2
check((array(output(source), 'Species') == species).all())
check(column(output(source, 1), 'Energy_eV')[0] != energy[0])

# The last configurations of all runs, over which Diffuse Intensity averages.
group = output(source, 3)
equal(group.GetNumberOfBlocks(), 2)
labels = [numpy.array(array(group.GetBlock(run), 'Species')) for run in range(2)]
check((labels[0] == species).all() and (labels[1] != species).any())
equal(numpy.bincount(labels[1]).tolist(), [0, 3072, 1024])
check((points(group.GetBlock(1)) == r).all())
mean = simple.DiffuseIntensity(Input=simple.OutputPort(source, 3), Symmetrise=1)
equal(array(output(mean), 'Configurations', 'Field')[0], 2)
check('Error_Cu_Au' in names(output(mean)) and set(column(output(mean, 3), 'SpecialPoint')) == {'X (1 0 0)'})
source.Runs = 1
source.Seed = 2
check((array(output(source), 'Species') != species).any())

# A file, and another composition.
path = os.path.join(temporary, 'energies.xml')
with open(path, 'w') as file:
    file.write('<csro-interactions xmlns="urn:apt-csro:interactions:1" version="1"><name>t</name>'
               '<lattice prototype="bcc" a="0.29"/><species><element name="Fe" share="0.5"/>'
               '<element name="Al" share="0.5"/></species><pairs><shell number="1">'
               '<energy a="Fe" b="Al">-0.1</energy></shell></pairs></csro-interactions>')
source = simple.LatticeMonteCarlo(Interactions='From file', InteractionsFile=path, Cells=[6, 6, 6], Temperatures=[900],
                                  Equilibration=10, Sweeps=50, Composition='Al 1, Fe 2')
equal(numpy.bincount(array(output(source), 'Species')).tolist(), [0, 288, 144])
check('Order_B2_Al' in names(output(source, 1), 'Row'))

# One line for each refusal, and nothing in the outputs.
errors = Errors(source)


def refused(text, **properties):
    good = {'Cells': [6, 6, 6], 'Composition': 'Al 1, Fe 2', 'InteractionsFile': path}
    del errors.texts[:]
    for name, value in properties.items():
        setattr(source, name, value)
    equal(output(source).GetNumberOfPoints(), 0)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts[0])
    for name in properties:
        setattr(source, name, good[name])


refused('smaller than the interactions reach', Cells=[1, 6, 6])
refused('the composition has Ni', Composition='Ni 1, Fe 1')
refused('less than one atom', Composition='Al 1, Fe 100000')
refused('no interaction file', InteractionsFile='')
refused('memory are free', Cells=[4000, 4000, 4000])
with open(path, 'a') as file:
    file.write('<')
refused('energies.xml: line 1', Composition='Al 1, Fe 3')

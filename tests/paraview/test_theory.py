"""From a simulated configuration to what an atom probe sees of it: atoms, truth, and the order parameters that come back."""
import html
import os
import sys

import numpy
from diffuse_ions import sites, write
from harness import Errors, array, check, column, equal, names, output, simple, temporary

# Partly ordered Cu3Au: a tenth of the gold has changed places with copper.
a, cells = 0.375, 12
points = sites('fcc', cells)
random = numpy.random.default_rng(3)
species = numpy.where((points % 1 == 0).all(1), 'Au', 'Cu')
gold, copper = (random.permutation(numpy.flatnonzero(species == name)) for name in ('Au', 'Cu'))
moved = len(gold) // 10
species[gold[:moved]], species[copper[:moved]] = 'Cu', 'Au'
atoms = simple.APTReader(FileName=write(os.path.join(temporary, 'a.extxyz'), species, points * a, cells * a))


def alphas(ions):
    table = output(simple.OrderParameters(Input=ions, Species='Au, Cu', Radii=[0.2, 0.32], Shells=1, Copies=0))
    return {pair: (alpha, error) for pair, alpha, error in zip(*(column(table, name) for name in ('Pair', 'Alpha', 'StandardError')))}


known = alphas(atoms)
for pole in '002', '111':
    specimen = simple.SimulateConfiguration(Input=atoms, Pole=pole, Shape='Box', Width=[10, 8], Height=12, SigmaXY=0, SigmaZ=0,
                                            Efficiency=0.6, Hydrogen=0.01, Background=0.01)
    table = output(specimen, 1)
    true = dict(zip(column(table, 'Pair'), column(table, 'Alpha')))
    for pair, (alpha, _) in known.items():
        check(abs(true[pair] - alpha) < 1e-9, (pair, true[pair], alpha))
    check(abs(column(table, 'Distance_nm')[0] - a / 2 ** 0.5) < 1e-9)
    found = alphas(specimen)
    for pair, (alpha, error) in found.items():
        # no errors of counting: background, and whether planes rich in gold end at a face
        check(abs(alpha - true[pair]) < 4 * error + 0.01 and error < 0.02, (pole, pair, alpha, error, true[pair]))
    ions = output(specimen)
    order, label = numpy.array(array(ions, 'TrueOrder')), numpy.array(array(ions, 'TrueSpecies'))
    check('CSRO_Box' not in names(ions, 'Field'))
    check('TrueDomainId' not in names(ions) and numpy.isnan(order[(label == 0) | (label == 3)]).all())
    for number, name in enumerate(column(table, 'Pair')[::3]):  # like pairs: the mean over the ions of a species
        of = order[label == number + 1]
        check(abs(of.mean() - true[name]) < 8 * of.std() / len(of) ** 0.5 + 1e-6, (name, of.mean(), true[name]))

# Every atom is on a site of the configuration, with that atom's species: 002, nothing lost, no noise.
whole = output(simple.SimulateConfiguration(Input=atoms, Shape='Box', Width=[4, 4], Height=3, SigmaXY=0, SigmaZ=0, Efficiency=1,
                                            Hydrogen=0, Background=0))
r = numpy.array([whole.GetPoint(i) for i in range(whole.GetNumberOfPoints())])
at = {tuple(numpy.round(2 * p).astype(int)): name for p, name in zip(points, species)}
own = [('', 'Au', 'Cu')[k] for k in array(whole, 'TrueSpecies')]
steps = numpy.round(2 * (r + [0, 0, a / 4]) / a).astype(int)
check(abs(2 * (r + [0, 0, a / 4]) / a - steps).max() < 1e-4)
check(all(at[tuple(step % (2 * cells))] == name for step, name in zip(steps, own)))

# The whole chain and its report, which has the theory as well.
sys.path.insert(0, os.environ['CSRO_SAMPLE_STATES'])
import csro_browser
import csro_pipeline
import csro_record
import csro_report
def report():
    record = csro_record.make(csro_browser.analysis())
    return record, csro_report.page(record)


for proxy in list(simple.GetSources().values()):
    simple.Delete(proxy)
cooled = simple.LatticeMonteCarlo(Interactions='Cu3Au-like L1_2', Cells=[8, 8, 8], Temperatures=[900, 750], Equilibration=50, Sweeps=20, Runs=2)
simple.LatticeMonteCarlo(Cells=[4, 4, 4])  # not applied
simple.LatticeMonteCarlo(Interactions='Cu3Au-like L1_2', Cells=[4, 4, 4], Temperatures=[900], Sweeps=5).UpdatePipeline()
simple.DiffuseIntensity(Input=simple.OutputPort(cooled, 3)).UpdatePipeline()

# Theory alone has a report, too.
record, page = report()
equal(sorted(record['theory']), ['maxima', 'temperatures', 'warren_cowley'])
equal(record['theory']['temperatures']['Temperature_K'], [900, 750])
equal(record['title'], 'a simulated alloy')
for said in 'Theory alone', 'heat capacity (k per atom)', 'Not run.':
    check(said in page, said)
check('Not judged' not in page)
# It has the interactions, as a file to start from.
(text,) = record['interactions']
check(html.escape(text, quote=False) in page or html.escape(text) in page)
path = os.path.join(temporary, 'again.xml')
with open(path, 'w', encoding='utf-8') as file:
    file.write(text)
again = simple.LatticeMonteCarlo(Interactions='From file', InteractionsFile=path, Cells=[8, 8, 8], Temperatures=[900, 750],
                                 Equilibration=50, Sweeps=20, Runs=2)
equal(column(output(again, 1), 'Energy_eV').tolist(), column(output(cooled, 1), 'Energy_eV').tolist())
equal(array(output(again), 'CSRO_Interactions', 'Field'), array(output(cooled), 'CSRO_Interactions', 'Field'))
simple.Delete(again)

specimen = simple.SimulateConfiguration(Input=cooled, Shape='Box', Width=[6, 6], Height=6)
csro_pipeline.build(specimen, pairs='Au-Au', copies=1, show=False)
simple.SetActiveSource(specimen)
record, page = report()
equal(sorted(record['theory']), ['maxima', 'temperatures', 'true_order', 'warren_cowley'])
equal(record['theory']['temperatures']['Temperature_K'], [900, 750])
equal(len(record['interactions']), 1)
for said in 'The theory behind the ions', 'X (1 0 0)', 'heat capacity (k per atom)', 'Order parameters of the configuration':
    check(said in page, said)

made = simple.SimulateConfiguration(Input=simple.APTReader(FileName=write(
    os.path.join(temporary, 'b.extxyz'), numpy.full(32, 'Zz'), sites('fcc', 2) * a, 2 * a)))
errors = Errors(made)
made.UpdatePipeline()
check(len(errors.texts) == 1 and 'Zz' in errors.texts[0], errors.texts)

"""Frequency distributions: counting by hand, a random alloy, a gradient, errors."""
import math

import numpy
from harness import Errors, array, check, column, equal, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[9, 9], Height=20, DomainDensity=0)
ions = output(specimen)
names = array(ions, 'SpeciesNames', 'Field')
species = numpy.array(array(ions, 'Species'))
species = species[species > 0]

# In sequence: block after block.
proxy = simple.FrequencyDistribution(Input=specimen, Blocks='In sequence', BlockIons=40, Species='Ni, Cr', Copies=0)
table, curves = output(proxy), output(proxy, 1)
equal(list(column(table, 'Species')), ['Ni', 'Cr'])
blocks = len(species) // 40
first = column(curves, 'Ions')[0]
for row, name in enumerate(('Ni', 'Cr')):
    of_block = (species[:40 * blocks].reshape(-1, 40) == names.index(name)).sum(1)
    equal(column(table, 'Blocks')[row], blocks)
    share = of_block.mean() / 40
    check(abs(column(table, 'Share')[row] - share) < 1e-12)
    for n, observed, binomial in zip(*(column(curves, key) for key in ('Ions', 'Observed_' + name, 'Binomial_' + name))):
        equal(observed, (of_block == n).sum())
        check(abs(binomial - blocks * math.comb(40, int(n)) * share ** n * (1 - share) ** (40 - n)) < 1e-8)
    equal(sum(column(curves, 'Observed_' + name)), blocks)
equal(list(column(curves, 'Ions')), list(range(first, first + len(column(curves, 'Ions')))))

# A random alloy is binomial, in both kinds of blocks.
for kind in 'Compact in space', 'In sequence':
    proxy = simple.FrequencyDistribution(Input=specimen, Blocks=kind)
    table, curves = output(proxy), output(proxy, 1)
    equal(list(column(table, 'Species')), ['Co', 'Cr', 'Ni'])
    check(min(column(table, 'BinomialP')) > 0.005 and array(table, 'PValue', 'Field')[0] > 0.05, kind)
    check('no difference beyond chance' in array(table, 'FrequencyDistribution', 'Field')[0])
    for mu, of_chance, copies in zip(*(column(table, key) for key in ('Mu', 'MuOfChance', 'CopiesMean'))):
        check(abs(copies / of_chance - 1) < 0.25 and abs(mu / of_chance - 1) < 0.8, (mu, of_chance, copies))
    check(all(column(curves, 'CopiesLow_Ni') <= column(curves, 'CopiesHigh_Ni')))

# Two halves of another composition, across the axis: compact blocks see them, those in sequence have ions of both.
changed = ions.NewInstance()
changed.DeepCopy(ions)
labels = array(changed, 'Species') # its memory
labels[(points(ions)[:, 0] > 0) & (labels == 1) & (numpy.arange(len(labels)) % 2 == 0)] = 2
gradient = simple.TrivialProducer()
gradient.GetClientSideObject().SetOutput(changed)
compact, sequence = (output(simple.FrequencyDistribution(Input=gradient, Blocks=kind))
                     for kind in ('Compact in space', 'In sequence'))
equal(array(compact, 'PValue', 'Field')[0], 0.05)
check(min(column(compact, 'BinomialP')) < 1e-6 and max(column(compact, 'Z')) > 5)
check(min(column(sequence, 'BinomialP')) > 1e-4)

for text, properties in (('Fe', dict(Species='Fe')), ('fewer ranged ions than one block', dict(BlockIons=100000))):
    proxy = simple.FrequencyDistribution(Input=specimen, **properties)
    errors = Errors(proxy)
    output(proxy)
    equal(len(errors.texts), 1)
    check(text in errors.texts[0], errors.texts)

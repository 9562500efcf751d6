"""Maximum Separation: its links against Cluster Domains, envelope and erosion, copies, errors."""
import numpy
from harness import Errors, array, check, column, equal, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=8, SigmaXY=0.2, SigmaZ=0.02)
ions = output(specimen)
names = [ions.GetFieldData().GetAbstractArray('SpeciesNames').GetValue(i)
         for i in range(ions.GetFieldData().GetAbstractArray('SpeciesNames').GetNumberOfValues())]
nickel = names.index('Ni')

# Without cores and envelope: DBSCAN of the solute ions with one sample, but for the smallest.
found = simple.MaximumSeparation(Input=specimen, Species='Ni', Distance=0.2, MinimumSize=4, Order=0, Copies=2)
solute = simple.Threshold(Input=specimen, Scalars=['POINTS', 'Species'])
solute.ThresholdMethod = 'Between'
solute.LowerThreshold = solute.UpperThreshold = nickel
linked = simple.ClusterDomains(Input=solute, Eps=0.2, MinSamples=1)
sizes = array(output(linked), 'DomainSize')
expected = {tuple(p) for p in points(output(linked))[sizes >= 4]}
check(len(expected) > 100)
equal({tuple(p) for p in points(output(found))}, expected)
table = output(found, 1)
equal(sorted(column(table, 'Size')), sorted(s for s in column(output(linked, 1), 'Size') if s >= 4))
equal(list(column(table, 'Size')), list(column(table, 'Solutes')))
equal(list(column(table, 'Size')), list(column(table, 'Count_Ni')))

# The envelope brings other ions, erosion takes some of them away.
wide = simple.MaximumSeparation(Input=specimen, Species='Ni', Distance=0.2, MinimumSize=4, Order=0, Envelope=0.2, Copies=0)
eroded = simple.MaximumSeparation(Input=specimen, Species='Ni', Distance=0.2, MinimumSize=4, Order=0, Envelope=0.2,
                                  Erosion=0.1, Copies=0)
of_wide, of_eroded = output(wide), output(eroded)
equal(list(column(output(wide, 1), 'Solutes')), list(column(table, 'Size')))
count = output(found).GetNumberOfPoints()
check(of_wide.GetNumberOfPoints() > of_eroded.GetNumberOfPoints() > count)
others = points(of_wide)[array(of_wide, 'Species') != nickel]
own = points(output(found))
nearest = [numpy.sqrt(((own - p) ** 2).sum(axis=1).min()) for p in others[:200]]
check(max(nearest) <= 0.2 + 1e-6)
equal(sum(column(output(wide, 1), 'Size')), of_wide.GetNumberOfPoints())
check('without randomised copies' in output(wide, 3).GetColumnByName('Sentence').GetValue(0))

# Copies: those of Randomize Ions with the same seeds.
row = output(found, 3)
histograms = output(found, 2)
for copy in (1, 2):
    alone = simple.MaximumSeparation(Input=simple.RandomizeIons(Input=specimen, Seed=copy), Species='Ni', Distance=0.2,
                                     MinimumSize=4, Order=0, Copies=0)
    equal(list(column(output(alone, 2), 'Data')), list(column(histograms, f'Copy {copy}')))
equal(column(row, 'Domains')[0], sum(column(histograms, 'Data')))
check('2 randomised copies have' in row.GetColumnByName('Sentence').GetValue(0))

# The sweep counts what single searches find.
sweep = simple.ClusterSweep(Input=specimen, Species='Ni', Distances=[0.15, 0.25], Steps=3, MinimumSizes=[4, 8], Order=0,
                            Copies=2)
swept = output(sweep)
equal([round(d, 12) for d in column(swept, 'Distance_nm')], [0.15, 0.2, 0.25])
equal(column(swept, 'Clusters of 4')[1], column(row, 'Domains')[0])
equal(column(swept, 'CopiesMean of 4')[1], column(row, 'DomainsNullMean')[0])
equal(column(swept, 'CopiesP95 of 4')[1], column(row, 'DomainsNullP95')[0])
equal(column(swept, 'Beyond of 8')[2], column(swept, 'Clusters of 8')[2] - column(swept, 'CopiesMean of 8')[2])
check(all(column(swept, 'Clusters of 8') <= column(swept, 'Clusters of 4')))
beyond = max(column(swept, 'Beyond of 4').max(), column(swept, 'Beyond of 8').max())
expected = 'data and copies differ most' if beyond > 0 else 'at no distance'
check(expected in swept.GetFieldData().GetAbstractArray('Sentence').GetValue(0))

# Without a distance the density of the solute gives one: the same for data and copies, so that a copy has as many
# clusters as chance says; about one other solute ion is within it.
suggested = simple.MaximumSeparation(Input=specimen, Species='Ni', MinimumSize=4, Order=0, Copies=1)
distance = column(output(suggested, 3), 'Distance_nm')[0]
own = points(ions)[array(ions, 'Species') == nickel]
inner = own[(numpy.abs(own[:, :2]) < 3).all(axis=1) & (own[:, 2] < -1) & (own[:, 2] > -7)][:300]
within = numpy.mean([(((own - p) ** 2).sum(axis=1) <= distance ** 2).sum() - 1 for p in inner])
check(0.8 < within < 1.3, (distance, within))
alone = simple.MaximumSeparation(Input=simple.RandomizeIons(Input=specimen, Seed=1), Species='Ni', MinimumSize=4, Order=0, Copies=0)
equal(list(column(output(alone, 2), 'Data')), list(column(output(suggested, 2), 'Copy 1')))
equal(column(output(alone, 3), 'Distance_nm')[0], distance)
swept = output(simple.ClusterSweep(Input=specimen, Species='Ni', Steps=3, MinimumSizes=[4], Copies=0))
equal([round(d / distance, 9) for d in column(swept, 'Distance_nm')], [0.5, 1.25, 2])

# All of an element with its isotopes and charges, several species, none.
both = simple.MaximumSeparation(Input=specimen, Species='Ni, Cr', Distance=0.2, MinimumSize=4, Order=0, Copies=0)
check(output(both).GetNumberOfPoints() > count)
errors = Errors(bad := simple.MaximumSeparation(Input=specimen, Species='Xx', Copies=0))
bad.UpdatePipeline()
check(len(errors.texts) == 1 and "'Xx' is no species" in errors.texts[0], errors.texts)

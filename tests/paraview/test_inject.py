"""Inject Order and Sensitivity: labels change places inside of planted domains, what is found of them is counted."""
import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[10, 10], Height=10, DomainDensity=0, SigmaXY=0.2, SigmaZ=0.02)
ions = output(specimen)
planted = simple.InjectOrder(Input=specimen, Species='Ni', Density=0.02, Diameter=[1.0, 2.1], SigmaXY=0.2)
out, table = output(planted), output(planted, 1)

# Positions and composition stay; species and mass move together, and inside of domains alone.
check((points(ions) == points(out)).all())
truth = array(out, 'TrueDomainId')
label, mass, before = array(out, 'Species'), array(out, 'MassToCharge'), array(ions, 'Species')
check((label != before).sum() > 50)
check((truth[label != before] >= 0).all())
for domain in range(table.GetNumberOfRows()):
    inside = truth == domain
    equal(column(table, 'Ions')[domain], inside.sum())
    check(sorted(zip(label[inside], mass[inside])) ==
          sorted(zip(before[inside], array(ions, 'MassToCharge')[inside])))
check(15 <= table.GetNumberOfRows() <= 21, table.GetNumberOfRows())
center = numpy.stack([column(table, f'Center{axis}_nm') for axis in 'XYZ'], 1)
for domain in range(table.GetNumberOfRows()):
    away = numpy.linalg.norm(points(out)[truth == domain] - center[domain], axis=1)
    check((away < column(table, 'Diameter_nm')[domain] / 2 + 2).all())
hydrogen = array(ions, 'TrueSpecies') == 4
check((truth[hydrogen] < 0).all())
equal(sorted(set(column(table, 'Order'))), [1.0])
check(abs(out.GetFieldData().GetNumberOfArrays() - ions.GetFieldData().GetNumberOfArrays()) == 0)

# Another seed has other domains.
other = output(simple.InjectOrder(Input=specimen, Species='Ni', Density=0.02, Diameter=[1.0, 2.1], SigmaXY=0.2, Seed=2))
check((array(other, 'TrueDomainId') != truth).any())


def search(ions):
    return simple.DetectOrder(Input=ions, Voxels=simple.VoxelizeAPT(Input=ions), Species='Ni', SigmaXY=0.2)


# Most of the large ones are found; the data have no domains, and there is a limit.
data, found = search(specimen), search(planted)
voxels = simple.EvaluateDetection(Input=found, DomainIons=simple.OutputPort(found, 1),
                                  TrueDomains=simple.OutputPort(planted, 1), Domains=simple.OutputPort(found, 2),
                                  DiameterEdges=[1.6])
equal(list(array(output(voxels, 2), 'Class', 'Row')), ['all', 'below 1.6 nm', '1.6 nm and more'])
recall = column(output(voxels, 2), 'Recall')
check(recall[2] > 0.6, recall)
sensitivity = simple.Sensitivity(
    Input=simple.OutputPort(data, 2), Planted=[simple.OutputPort(planted, 1)],
    DomainIons=[simple.OutputPort(found, 1)], Domains=[simple.OutputPort(found, 2)], DiameterEdges=[1.0, 1.6])
rows = output(sensitivity)
equal(list(column(rows, 'From_nm')), [1.0, 1.0, 1.6])
equal(column(rows, 'Planted')[1], table.GetNumberOfRows())
predicted, low, high = (column(rows, 'Recall' + end)[2] for end in ('', 'Low', 'High'))
check(abs(predicted - recall[2]) < 0.15, predicted)
check(low < predicted < high, (low, high))
if output(data, 2).GetNumberOfRows() == 0:
    equal(column(rows, 'Density_nm3')[2], 0)
    check(2.3e-3 < column(rows, 'DensityHigh_nm3')[2] < 6e-3, column(rows, 'DensityHigh_nm3'))
check('would have been found' in array(rows, 'Sensitivity', 'Field')[0])
equal(len(array(rows, 'DetectionLimit_nm', 'Field')), 3)
equal(len(array(rows, 'Order', 'Field')), 3)

errors = Errors(simple.Sensitivity(Input=simple.OutputPort(data, 2), Planted=[simple.OutputPort(planted, 1)],
                                   DomainIons=[simple.OutputPort(found, 1)] * 2,
                                   Domains=[simple.OutputPort(found, 2)]))
output(simple.GetActiveSource())
check('expected one for each' in errors.texts[0], errors.texts)
for properties, message in (({'Species': 'Xx'}, "no species 'Xx'"),
                            ({'Species': 'Ni', 'Order': [0.8, 0.5]}, 'strongest planted order')):
    wrong = simple.InjectOrder(Input=specimen, **properties)
    errors = Errors(wrong)
    equal(output(wrong).GetNumberOfPoints(), 0)
    check(message in errors.texts[0], errors.texts)
errors = Errors(cloud := simple.InjectOrder(Input=simple.PointSource(NumberOfPoints=50)))
output(cloud)
check('no point array Species' in errors.texts[0], errors.texts)

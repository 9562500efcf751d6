"""Profile, Density Maps and Proximity Histogram against numpy."""
import math

import numpy
from paraview.vtk.util.numpy_support import numpy_to_vtk

from harness import Errors, array, check, column, equal, names, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[10, 9], Height=11, Composition='Co 1, Cr 1, Ni 2', DomainDensity=0)
ions = output(specimen)
labels, xyz = array(ions, 'Species'), points(ions).astype(float)
species = array(ions, 'SpeciesNames', 'Field')
nickel = labels == species.index('Ni')

# Profile along any axis.
profile = simple.Profile(Input=specimen, Direction=[1, 0, -1], Width=1.5)
table = output(profile)
place = (xyz[:, 0] - xyz[:, 2]) / math.sqrt(2)
centers = column(table, 'Position_nm')
for row, center in enumerate(centers):
    inside = (place >= center - 0.75 + 1e-9) & (place < center + 0.75 - 1e-9)
    check(abs(column(table, 'Ions')[row] - inside.sum()) <= 2, f'{center}')
    check(abs(column(table, 'Count_Ni')[row] - (inside & nickel).sum()) <= 2)
equal(int(column(table, 'Ions').sum()), len(labels))
equal(int(column(table, 'Ranged').sum()), int((labels > 0).sum()))
f, n = column(table, 'Fraction_Ni'), column(table, 'Ranged')
check(numpy.allclose(column(table, 'StandardError_Ni')[n > 0], numpy.sqrt(f * (1 - f) / n)[n > 0], equal_nan=True))
table = output(simple.Profile(Input=specimen, Width=0.01))  # planes, and hardly an ion between them
f, n = column(table, 'Fraction_Ni'), column(table, 'Ranged')
check((numpy.isnan(f) == (n < 10)).all() and ((n > 0) & (n < 10)).any() and (n >= 10).any())

# Density inside, and domains per volume: two made by hand.
ball = simple.Calculator(Input=specimen, ResultArrayName='r', Function='sqrt((coordsX-2)^2 + coordsY^2 + (coordsZ + 5.5)^2)')
domains = simple.PythonCalculator(
    Input=simple.Threshold(Input=ball, Scalars=['POINTS', 'r'], LowerThreshold=0, UpperThreshold=2), ArrayName='DomainId',
    ArrayAssociation='Point Data', Expression='(numpy.asarray(r) < 0.5).astype("i8")')
table = output(simple.Profile(Input=specimen, Domains=domains, Width=11))
density = len(labels) / (10 * 9 * 11)
inner = numpy.nanmax(column(table, 'Ions'))
row = list(column(table, 'Ions')).index(inner)
check(abs(column(table, 'Density_nm3')[row] / density - 1) < 0.05, f'{column(table, "Density_nm3")} {density}')
equal(int(column(table, 'Domains').sum()), 2)
volume = inner / column(table, 'Density_nm3')[row] * 1e-27
check(math.isclose(column(table, 'DomainDensity_m3')[row], column(table, 'Domains')[row] / volume))

# Maps: the sum of the spread is the ions (but for what leaves the grid), the fraction that of all.
maps = output(simple.DensityMaps(Input=specimen, Spacing=1, Delocalisation=0))
equal(int(array(maps, 'Ions').sum()), len(labels))
check(numpy.array_equal(array(maps, 'Density_nm3'), array(maps, 'Ions')))
size = maps.GetDimensions()
at = (numpy.floor(xyz) - numpy.floor(xyz.min(0))).astype(int)
expected = numpy.bincount(at[:, 0] + size[0] * (at[:, 1] + size[1] * at[:, 2]), minlength=numpy.prod(size))
check(numpy.array_equal(array(maps, 'Ions'), expected))
maps = output(simple.DensityMaps(Input=specimen, Spacing=0.5, Delocalisation=1))
middle = maps.FindPoint(0, 0, -5)
check(abs(array(maps, 'Density_nm3')[middle] / density - 1) < 0.25)
check(abs(array(maps, 'Fraction_Ni')[middle] - nickel.sum() / (labels > 0).sum()) < 5 * array(maps, 'FractionError_Ni')[middle])
flat = output(simple.DensityMaps(Input=specimen, Projection='Along z', Spacing=1, Delocalisation=0))
equal(flat.GetDimensions()[2], 1)
equal(int(array(flat, 'Density_nm2').sum()), len(labels))

# The detector: columns as files have them, in mm; without them positions, said.
errors = Errors(proxy := simple.DensityMaps(Input=specimen, Projection='Detector', Delocalisation=0))
alone = output(proxy)
check(numpy.array_equal(array(alone, 'Density_nm2'), array(flat, 'Density_nm2')))
check('no detector columns' in array(alone, 'HitMap', 'Field')[0] and len(errors.warnings) == 1, errors.warnings)
for x, y, unit in ('X_det_mm', 'Y_det_mm', 1), ('xdet_mm', 'ydet_mm', 1), ('x_det (cm)', 'y_det (cm)', 10):
    hits = simple.TrivialProducer()
    copy = ions.NewInstance()
    copy.DeepCopy(ions)
    for name, values in (x, 2 * xyz[:, 0] / unit), (y, 3 * xyz[:, 1] / unit):
        column_of_file = numpy_to_vtk(values, deep=True)
        column_of_file.SetName(name)
        copy.GetPointData().AddArray(column_of_file)
    hits.GetClientSideObject().SetOutput(copy)
    hit_map = output(simple.DensityMaps(Input=hits, Projection='Detector', Delocalisation=0, Spacing=2))
    size = hit_map.GetDimensions()
    at = numpy.floor(xyz[:, :2] * (1, 1.5) + 1e-9).astype(int)
    at -= at.min(0)
    expected = numpy.bincount(at[:, 0] + size[0] * at[:, 1], minlength=size[0] * size[1])
    check(abs(array(hit_map, 'Ions') - expected).sum() <= 4 and size[2] == 1)
    check(numpy.allclose(array(hit_map, 'Density_mm2'), array(hit_map, 'Ions') / 4))
    words = array(hit_map, 'HitMap', 'Field')[0]
    check(x.lower() in words.lower() and 'in mm' in words, words)

# Proximity to domains: one ball.
one = simple.PythonCalculator(
    Input=simple.Threshold(Input=ball, Scalars=['POINTS', 'r'], LowerThreshold=0, UpperThreshold=1.5), ArrayName='DomainId',
    ArrayAssociation='Point Data', Expression='numpy.zeros(len(numpy.asarray(r)), "i8")')
table = output(simple.ProximityHistogram(Input=specimen, Surface=one, Reach=2, Width=0.25))
radius = array(output(ball), 'r')
within = radius < 1.5
nearest = numpy.full(len(radius), numpy.nan)
for side in True, False:
    other = xyz[within != side]
    for i in numpy.flatnonzero((within == side) & (radius < 3.6)):
        nearest[i] = math.sqrt(((other - xyz[i]) ** 2).sum(1).min()) * (-1 if side else 1)
nearest[numpy.abs(nearest) > 2] = numpy.nan
equal(int(column(table, 'Ions').sum()), int(numpy.isfinite(nearest).sum()))
for row, center in enumerate(column(table, 'Distance_nm')):
    inside = (nearest >= center - 0.125) & (nearest < center + 0.125)
    equal((center, column(table, 'Ions')[row]), (center, inside.sum()))
    equal(column(table, 'Count_Ni')[row], (inside & nickel).sum())

# Proximity to an isosurface: inside is where the value is larger.
grid = simple.Wavelet(WholeExtent=[-12, 12, -12, 12, -12, 12])
wave = simple.Calculator(Input=grid, ResultArrayName='near', Function='10 - sqrt(coordsX^2 + coordsY^2 + (coordsZ + 5)^2)')
surface = simple.Contour(Input=wave, ContourBy=['POINTS', 'near'], Isosurfaces=[7], ComputeNormals=0)
table = output(simple.ProximityHistogram(Input=specimen, Surface=surface, Reach=2, Width=0.5))
radius = numpy.sqrt((xyz[:, :2] ** 2).sum(1) + (xyz[:, 2] + 5) ** 2) - 3
flipped = output(simple.ProximityHistogram(Input=specimen, Surface=surface, Reach=2, Width=0.5, Flip=1))
for row, center in enumerate(column(table, 'Distance_nm')):
    if abs(center) < 1.6:
        expected = ((radius >= center - 0.25) & (radius < center + 0.25)).sum()
        check(abs(column(table, 'Ions')[row] - expected) < 0.15 * expected + 5,
              f'{center}: {column(table, "Ions")} {column(flipped, "Ions")}')

# What cannot be.
for bad, text in ((simple.ProximityHistogram(Input=specimen, Surface=specimen), 'neither the point array DomainId nor'),
                  (simple.Profile(Input=specimen, Direction=[0, 0, 0]), 'has no length'),
                  (simple.DensityMaps(Input=specimen, Spacing=0.01), 'cells')):
    errors = Errors(bad)
    found = output(bad)
    check(len(errors.texts) == 1 and text in errors.texts[0], str(errors.texts))
equal(names(output(simple.Profile(Input=simple.Sphere())), 'Row')[:3], ['Position_nm', 'Ions', 'Ranged'])

"""Lattice planes across z: where they are found, and the ions that are laid across it."""
import numpy
from harness import Errors, array, check, column, equal, names, output, points, simple

specimen = simple.SimulateAPT(Shape='Box', Width=[12, 12], Height=14, DomainDensity=0, SigmaZ=0.03)
turned = simple.Transform(Input=specimen)
turned.Transform.Rotate = [0, 5, 0]
pole = simple.FindPole(Input=turned)
ions, blocks, planes, poles = (output(pole, port) for port in range(4))


def value(name, table=None):
    return column(planes if table is None else table, name)[0]


# Turned by 5 degrees about y: the planes come back, by a rotation, with all arrays.
equal(value('Found'), 1)
check(abs(value('PlaneSpacing_nm') - 0.18) < 0.0004, value('PlaneSpacing_nm'))
check(abs(value('TiltY_deg') - 5) < 0.1 and abs(value('TiltX_deg')) < 0.1)
check(abs(value('Tilt_deg') - 5) < 0.1)
equal(value('Orientations'), 1)
check(numpy.isnan(value('Kink_deg')))
check(value('Share') > 0.9 and value('CropShare') > 0.9)
check(abs(value('Curvature_per_nm')) < 4 * value('CurvatureError_per_nm') + 1e-4)
equal(names(ions), names(output(turned)))
equal(poles.GetNumberOfRows(), 0)
matrix = array(ions, 'PoleMatrix', 'Field').reshape(4, 4)
before = points(output(turned)).astype(float)
check(numpy.abs(before @ matrix[:3, :3].T + matrix[:3, 3] - points(ions)).max() < 1e-4)
check(abs(numpy.linalg.det(matrix[:3, :3]) - 1) < 1e-9)
again = simple.FindPole(Input=pole)
check(column(output(again, 2), 'Tilt_deg')[0] < 0.1)
check(abs(array(ions, 'PoleSpacing_nm', 'Field')[0] - value('PlaneSpacing_nm')) == 0)

# The map.
check(blocks.GetNumberOfPoints() > 8)
normal = array(blocks, 'PlaneNormal')[array(blocks, 'Orientation') == 0]
check(numpy.abs(numpy.linalg.norm(normal, axis=1) - 1).max() < 1e-9)
equal(int(array(blocks, 'IonCount').sum()) <= value('Ions'), True)
check(blocks.GetNumberOfVerts() == blocks.GetNumberOfPoints())

# As they were, without Align; other poles when asked.
pole.Align = 0
check((points(output(pole)) == points(output(turned))).all())
check(numpy.abs(array(output(pole), 'PoleMatrix', 'Field') - matrix.ravel()).max() == 0)
small = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10, DomainDensity=0, SigmaXY=0.05)
every = simple.FindPole(Input=small, AllDirections=1)
table = output(every, 3)
check(table.GetNumberOfRows() >= 5, table.GetNumberOfRows())
check(abs(column(table, 'PlaneSpacing_nm')[0] - 0.18) < 0.005 and column(table, 'Tilt_deg')[0] < 3)
check(numpy.abs(column(table, 'PlaneSpacing_nm')[1:5] - 0.2078).max() < 0.006)  # {111}
check((numpy.diff(column(table, 'LnChance')) >= 0).all())

# No planes: the ions as they were, and a warning.
blurred = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10, DomainDensity=0, SigmaZ=0.2)
none = simple.FindPole(Input=blurred)
errors = Errors(none)
check((points(output(none)) == points(output(blurred))).all())
equal(column(output(none, 2), 'Found')[0], 0)
check(numpy.isnan(column(output(none, 2), 'PlaneSpacing_nm')[0]))
equal(len(errors.warnings), 1)
check('no lattice planes' in errors.warnings[0], errors.warnings)

# Errors, each once.
errors = Errors(pole)
pole.SpacingRange = [0.3, 0.2]
output(pole)
equal(len(errors.texts), 1)
check('smallest spacing' in errors.texts[0], errors.texts)

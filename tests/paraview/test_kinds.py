"""Which kinds of order there are: the right species is named and searched, and nothing where labels are random."""
import os

import numpy
from harness import temporary, Errors, array, check, column, equal, names, output, simple


def texts(table, name):
    values = table.GetRowData().GetAbstractArray(name)
    return [values.GetValue(i) for i in range(values.GetNumberOfValues())]


def detect(ions, **more):
    return simple.DetectOrder(Input=ions, Voxels=simple.VoxelizeAPT(Input=ions), Copies=0, **{'SigmaXY': 0.3, **more})


def word(filter, name):
    return output(filter, 1).GetFieldData().GetAbstractArray(name).GetValue(0)


# A Cr-rich order is that of Cr; what Ni and Co show follows from it.
ions = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10, DomainDensity=0.03, OrderTypes='Cr')
found = detect(ions)
said = Errors(found)
kinds = output(found, 3)
equal(kinds.GetNumberOfRows(), 9)
equal((texts(kinds, 'Species')[0], column(kinds, 'Period_planes')[0], texts(kinds, 'Verdict')[0]), ('Cr', 2, 'ordered'))
check('ordered' not in texts(kinds, 'Verdict')[1:], texts(kinds, 'Verdict'))
equal(texts(kinds, 'Structures')[0], 'L1_2, L1_0 or DO22 (002 of fcc); B2 or D0_3 (002 of bcc)')
equal(column(kinds, 'Searched').tolist(), [1] + 8 * [0])
check('P_order_Cr' in names(output(found)) and 'P_order_Ni' not in names(output(found)))
check(set(texts(output(found, 2), 'RichSpecies')) == {'Cr'})
equal(word(found, 'OrderSpecies'), 'Cr')
check(word(found, 'OrderFound').startswith('every second plane rich in Cr: L1_2'))
equal((said.texts, said.warnings), ([], []))

# Asked for Ni, the filter says so.
found.Species = 'Ni'
check('P_order_Ni' in names(output(found)))
equal(len(said.warnings), 1)
check('Species is Ni, but' in said.warnings[0] and 'rich in Cr' in said.warnings[0], said.warnings)

# Both: each domain belongs to one, and so does each ion.
ions = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=14, DomainDensity=0.04, OrderTypes='Ni 1, Cr 1')
both = detect(ions)
kinds, table, image = output(both, 3), output(both, 2), output(both)
equal(texts(kinds, 'Verdict')[:3].count('ordered'), 2)
equal(set(texts(kinds, 'Species')[:2]), {'Ni', 'Cr'})
equal(set(texts(table, 'RichSpecies')), {'Ni', 'Cr'})
check({'P_order_Ni', 'P_order_Cr'} <= set(names(image)))
label = array(output(both, 1), 'DomainId')
equal(numpy.bincount(label).tolist(), column(table, 'Size').tolist())
check((array(output(both, 1), 'DomainSize') == column(table, 'Size')[label]).all())
equal(len(array(output(both, 1), 'DomainDensity_nm3', 'Field')), 2)

# Random labels: no kind.
random = detect(simple.RandomizeIons(Input=ions))
equal(set(texts(output(random, 3), 'Verdict')), {'none'})
equal(word(random, 'OrderFound'), 'no order beyond chance, of any kind')
equal(output(random, 2).GetNumberOfRows(), 0)
equal(column(output(random, 3), 'Searched').sum(), 1)

# Every third plane: MoPt2 along 022, with the crystal of a recipe. Most of what is reported is true, in all phases.
with open(os.path.join(os.path.dirname(__file__), '..', '..', 'xml', 'recipes', 'feal-002.xml'), encoding='utf-8') as file:
    recipe = file.read()
cell = '<structure name="{0}" prototype="{0}" a="0.36">'
occupied = '<occupancy sublattice="{}" species="{}" fraction="{}"/>'
structures = (cell.format('fcc') + occupied.format('A', 'Fe', 0.66667) + occupied.format('A', 'Al', 0.33333) + '</structure>' +
              cell.format('MoPt2') + occupied.format('A', 'Fe', 1) + occupied.format('B', 'Al', 1) + '</structure>')
classes = ('<class role="random" name="fcc" structure="fcc" patterns="10"/>'
           '<class role="ordered" name="MoPt2" structure="MoPt2" patterns="10"/>')


def between(text, begin, end, inner):
    return text[:text.index(begin) + len(begin)] + inner + text[text.index(end):]


recipe = between(between(recipe, '<structures>', '</structures>', structures), '<classes>', '</classes>', classes)
recipe = recipe.replace('<orientation>002', '<orientation>220').replace('<dense units="3"', '<dense units="2"')
path = os.path.join(temporary, 'mopt2.xml')
with open(path, 'w', encoding='utf-8') as file:
    file.write(recipe)
ions = simple.SimulateAPT(Shape='Box', Width=[8, 8], Height=10, DomainDensity=0.02, Diameter=[1.2, 2], SigmaZ=0.012,
                          Crystal='Recipe from file', RecipeFile=path)
third = detect(ions)
kinds, table, points = output(third, 3), output(third, 2), output(third, 1)
equal((texts(kinds, 'Species')[0], column(kinds, 'Period_planes')[0], texts(kinds, 'Verdict')[0]), ('Al', 3, 'ordered'))
equal(texts(kinds, 'Structures')[0], 'MoPt2 (022 of fcc)')
check(table.GetNumberOfRows() >= 4, table.GetNumberOfRows())
equal(set(column(table, 'Period_planes')), {3})
check(len(set(column(table, 'Phase'))) > 1 and set(column(table, 'Phase')) <= {0, 1, 2})
check((array(points, 'TrueDomainId') >= 0).mean() > 0.6, (array(points, 'TrueDomainId') >= 0).mean())
probability = array(output(third), 'P_order_Al')
check(numpy.nanmax(probability) <= 1 and numpy.nanmin(probability) >= 0)

# What would have been found of such order: planted domains of the same period count, others do not.
planted = simple.InjectOrder(Input=ions, Species='Al', Period=3, Density=0.02, Diameter=[1.6, 2.2])
truth = output(planted, 1)
equal(set(column(truth, 'Period_planes')), {3})
equal(set(column(truth, 'Phase')), {0, 1, 2})
among = detect(planted, Species='Al')


def sensitivity(*injected):
    return simple.Sensitivity(
        Input=simple.OutputPort(third, 2), Planted=[simple.OutputPort(each, 1) for each in injected],
        DomainIons=[simple.OutputPort(among, 1)] * len(injected), Domains=[simple.OutputPort(among, 2)] * len(injected),
        DiameterEdges=[1.6])


rows = output(sensitivity(planted))
equal(column(rows, 'Planted')[0], truth.GetNumberOfRows())
check(column(rows, 'Recall')[0] > 0.5, column(rows, 'Recall'))
check(0.005 < column(rows, 'Density_nm3')[0] < 0.03, column(rows, 'Density_nm3'))
errors = Errors(both := sensitivity(planted, simple.InjectOrder(Input=ions, Species='Al')))
output(both)
check('each period has a sensitivity of its own' in errors.texts[0], errors.texts)

"""Pattern banks: rows, means, recipes by name and by file, limits, errors."""
import os

import numpy
from harness import Errors, array, check, column, equal, names, output, simple, temporary

recipes = os.environ['CSRO_RECIPES']
bank = simple.PatternBank()
table = output(bank)
equal(names(table, 'Row'), ['Label', 'SigmaXY_nm', 'SigmaZ_nm', 'Efficiency', 'Composition', 'Order',
                            'DomainDiameter_nm', 'zSDM_Co_Co'])
equal(table.GetNumberOfRows(), 5200)
label = column(table, 'Label')
equal(numpy.bincount(label).tolist(), [3250, 1950])
equal(array(table, 'ClassNames', 'Field'), ['FCC', 'CSRO'])
equal(array(table, 'zSDM_Pairs', 'Field'), ['Co-Co'])
equal(array(table, 'Seed', 'Field').tolist(), [1])
with open(os.path.join(recipes, 'cocrni-002.xml')) as file:
    equal(array(table, 'Recipe', 'Field'), [file.read()])
check(numpy.isnan(column(table, 'Composition')).all())
check(abs(column(table, 'SigmaXY_nm').max() - 0.8) < 1e-6)
counts = column(table, 'zSDM_Co_Co').copy()
equal(counts.shape, (5200, 93))

means = output(bank, 1)
equal(names(means, 'Row'), ['dz_nm', 'FCC Co-Co', 'CSRO Co-Co'])
check(numpy.allclose(column(means, 'FCC Co-Co'), counts[label == 0].mean(axis=0)))
check(numpy.allclose(column(means, 'CSRO Co-Co'), counts[label == 1].mean(axis=0)))
dz = column(means, 'dz_nm')
plane = numpy.abs(dz - 0.18) < 0.03
check(column(means, 'CSRO Co-Co')[plane].sum() < 0.1 * column(means, 'FCC Co-Co')[plane].sum())

# The file is the recipe of the same name; threads do not matter, the seed does.
bank.Recipe = 'From file'
bank.RecipeFile = os.path.join(recipes, 'cocrni-002.xml')
bank.Threads = 1
check((column(output(bank), 'zSDM_Co_Co') == counts).all())
bank.Seed = 2
check((column(output(bank), 'zSDM_Co_Co') != counts).any())

# A limit chooses among the same patterns.
bank.Seed = 1
bank.Limit = 100
few = column(output(bank), 'zSDM_Co_Co')
equal(few.shape, (100, 93))
check({row.tobytes() for row in few} <= {row.tobytes() for row in counts})

bank.Recipe = 'Fe-Al 002'
table = output(bank)
equal(array(table, 'ClassNames', 'Field'), ['BCC', 'B2', 'D03'])
equal(names(table, 'Row')[-2:], ['zSDM_Fe_Fe', 'zSDM_Al_Al'])
equal(names(output(bank, 1), 'Row')[1:3], ['BCC Fe-Fe', 'BCC Al-Al'])

errors = Errors(bank)
bank.Recipe = 'From file'
bank.RecipeFile = os.path.join(temporary, 'damaged.xml')
with open(bank.RecipeFile, 'w') as file:
    file.write('<csro-recipe version="1">\n</csro-recipe>\n')
equal(output(bank).GetNumberOfRows(), 0)
equal(len(errors.texts), 1)
check('damaged.xml: line 1' in errors.texts[0], errors.texts)
bank.RecipeFile = ''
equal(output(bank).GetNumberOfRows(), 0)
check('no recipe file' in errors.texts[-1], errors.texts)

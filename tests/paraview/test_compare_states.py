"""Compare States, and the table that csro_batch.py --states makes of the results of several runs."""
import json
import math
import os
import sys

from harness import Errors, check, column, equal, output, simple, temporary

sys.path.insert(0, os.environ['CSRO_SAMPLE_STATES'])
import csro_compare_states  # noqa: E402
from csro_files import Failure  # noqa: E402

# Of five data sets, one without a mu.
densities = [1e24, 1.2e24, 1.1e24, 3e24, 3.4e24]
mus = [0.2, 0.25, None, 0.6, 0.7]
for i, (density, mu) in enumerate(zip(densities, mus)):
    os.makedirs(os.path.join(temporary, f'run{i}'))
    pair = {'number_density_m3': density, 'ions_extracted': 10 * i, 'largest': 7 + i, 'mu': mu}
    summary = {'ions': 1000, 'species': {'unranged': 100, 'Ni': 300, 'Co': 600}, 'pairs': {'Ni-Ni': pair}}
    with open(os.path.join(temporary, f'run{i}', 'summary.json'), 'w', encoding='utf-8') as file:
        json.dump(summary, file)


def write_list(text):
    path = os.path.join(temporary, 'list.csv')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    return path


path = write_list('State,Results,Resistivity\nquenched,run0,90\nquenched,run1,91\nquenched,run2,\nannealed,run3,105\nannealed,run4,107\n')
tables, sentences = csro_compare_states.compare(path)
equal(tables['states']['State'], ['quenched', 'annealed'])
equal(tables['states']['DataSets'], [3, 2])
density = tables['states']['Ni-Ni domains per m3']
check(math.isclose(density[0], 1.1e24) and math.isclose(density[1], 3.2e24), density)
equal(tables['states']['Ni-Ni mu values'], [2, 2])
equal(tables['states']['Fraction Ni'], [300 / 900] * 2)
differences = tables['states_differences']
row = differences['Quantity'].index('Ni-Ni domains per m3')
check(math.isclose(differences['Difference'][row], 2.1e24))
check(math.isclose(differences['PExact'][row], 0.1))  # one of ten ways to choose two of five
check(0 < differences['PWelch'][row] < 0.1)
equal((differences['First'][row], differences['Second'][row]), ('quenched', 'annealed'))
correlations = tables['states_correlations']
equal(set(correlations['Property']), {'Resistivity'})
row = correlations['Quantity'].index('Ni-Ni domains per m3')
equal(correlations['DataSets'][row], 4)
check(correlations['R'][row] > 0.98 and correlations['Slope'][row] > 0)
check('Resistivity' not in correlations['Quantity'])
check(correlations['RTrue'][row] != correlations['RTrue'][row])  # errors are not known
known = write_list('State,Results,Resistivity,Resistivity error\nquenched,run0,90,4\nquenched,run1,92,4\nannealed,run3,96,4\nannealed,run4,106,4\n')
rows = csro_compare_states.compare(known)[0]
found = rows['states_correlations']
check('Resistivity error' in rows['states_data'] and 'Resistivity error' not in found['Quantity'] + rows['states_differences']['Quantity'])
row = found['Quantity'].index('Ni-Ni domains per m3')
check(abs(found['Reliability'][row] - (1 - 16 / (152 / 3))) < 1e-12)  # sample variance of 90, 92, 96, 106
check(abs(found['RTrue'][row] - min(1, found['R'][row] / found['Reliability'][row] ** 0.5)) < 1e-12)
row = found['Quantity'].index('Fraction Ni')  # the same in all
check(found['R'][row] != found['R'][row] and found['RTrue'][row] != found['RTrue'][row])
row = correlations['Quantity'].index('Ni-Ni domains per m3')
check(any(s.startswith('Ni-Ni domains per m3: annealed less quenched: 2.1e+24') for s in sentences), sentences)


def fails(text, expected):
    try:
        csro_compare_states.compare(write_list(text))
    except Failure as failure:
        check(expected in str(failure), failure)
        check('\n' not in str(failure))
    else:
        check(False, text)


fails('', 'found nothing')
fails('State,Folder\na,run0\n', 'expected columns State and Results')
fails('State,Results\n', 'no data sets')
fails('State,Results\na\n', 'data set 1: 1 values, expected 2')
fails('State,Results,R\na,run0,x\n', "R is 'x', expected a number")
fails('State,Results,R\na,run0,inf\n', 'expected a number')
fails('State,Results\na,nowhere\n', 'nowhere')
with open(os.path.join(temporary, 'run0', 'summary.json'), 'w', encoding='utf-8') as file:
    file.write('[' * 100000)
fails('State,Results\na,run0\n', 'no summary of csro_batch.py')

# Names that are none of the table.
domains = simple.ClusterDomains(Input=simple.SimulateAPT(Shape='Box', Width=[4, 4], Height=4))
table = simple.OutputPort(domains, 1)
for given, expected in (({}, 'no column State'), ({'StateColumn': 'Domain', 'PropertyColumn': 'x'}, 'no column of numbers x')):
    errors = Errors(bad := simple.CompareStates(Input=table, **given))
    bad.UpdatePipeline()
    check(len(errors.texts) == 1 and expected in errors.texts[0], errors.texts)
sizes = simple.CompareStates(Input=table, StateColumn='Domain', PropertyColumn='Size')
check(all(n == 1 for n in column(output(sizes), 'DataSets')))

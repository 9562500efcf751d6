"""Spectrum Fit: a specimen with overlaps (Fe, Cr, Ni) and background, its charge states, peaks, words and errors."""
import numpy
from harness import Errors, array, check, column, equal, names, output, simple

# Fe 0.6, Cr 0.25, Ni 0.15 in one crystal; background at any mass.
specimen = simple.SimulateAPT(Shape='Box', Width=[14, 14], Height=14, Composition='Fe 0.6, Cr 0.25, Ni 0.15', Background=0.3,
                              DomainDensity=0)
fit = simple.SpectrumFit(Input=specimen, Background='Local')
errors = Errors(fit)
composition = output(fit, 3)
equal(errors.texts + errors.warnings, [])
fractions = dict(zip(column(composition, 'Name'), column(composition, 'Fraction')))
error = dict(zip(column(composition, 'Name'), column(composition, 'StandardError')))
metals = 1 - fractions['H']
for name, expected in ('Fe', 0.6), ('Cr', 0.25), ('Ni', 0.15):
    check(abs(fractions[name] / metals - expected) < 3.5 * error[name], f'{name}: {fractions[name]} {error[name]}')
raw = dict(zip(column(composition, 'Name'), column(composition, 'RawFraction')))
check(abs(raw['Ni'] / (1 - raw['H']) - 0.15) > 5 * error['Ni'], f'as ranged Ni would be right: {raw} {error}')
check(array(composition, 'FitP', 'Field')[0] > 1e-3)

ions = output(fit, 2)
equal(sorted(zip(column(ions, 'Ion'), column(ions, 'Charge').tolist())),
      [('Cr', 1), ('Cr', 2), ('Fe', 1), ('Fe', 2), ('H', 1), ('Ni', 1), ('Ni', 2)])
for ion, charge, share, ratio, uncertain in zip(*(column(ions, name) for name in (
        'Ion', 'Charge', 'ShareOfCharges', 'RatioToLowerCharge', 'RatioError'))):
    if charge == 2:
        check(abs(share - 0.85) < 0.03, ion)
        check(abs(ratio - 0.85 / 0.15) < 4 * uncertain and uncertain < 1, f'{ion} {ratio} {uncertain}')
    else:
        check(numpy.isnan(ratio))
ranges = output(fit, 1)
equal(ranges.GetNumberOfRows(), len(array(output(specimen), 'MassRanges', 'Field')))
labels = array(output(specimen), 'Species')
equal(int(column(ranges, 'Count').sum()), int((labels > 0).sum()))
check(numpy.allclose(column(ranges, 'Corrected'), column(ranges, 'Count') - column(ranges, 'Background')))

spectrum = output(fit)
equal(int(column(spectrum, 'All ions').sum()), len(labels))
check((column(spectrum, 'Background')[:100] > 0).any())
peaks = output(fit, 4)
found = column(peaks, 'MassToCharge_Da')
for mass in 1.008, 25.97, 27.967, 28.968, 55.935:  # H, 52Cr++, 56Fe++, 58Ni++, 56Fe+
    check(abs(found - mass).min() < 0.03, f'{mass} {found}')
check(all(column(peaks, 'Ion')), 'all peaks are ranged')

# The background is at any mass, not at any time of flight: said.
timed = simple.SpectrumFit(Input=specimen)
errors = Errors(timed)
check('times of flight' in array(output(timed, 3), 'SpectrumReport', 'Field')[0] and len(errors.warnings) == 1)

# Ions without ranges.
bare = simple.SpectrumFit(Input=simple.RandomizeIons(Input=simple.Calculator(
    Input=simple.Sphere(ThetaResolution=20), ResultArrayName='MassToCharge', Function='27')))
errors = Errors(bare)
equal(output(bare).GetNumberOfRows(), 0)
check(len(errors.texts) == 1 and 'do not carry the ranges' in errors.texts[0], str(errors.texts))
equal(names(output(bare), 'Row'), [])
